/* Small comforts only: every page works without this file. */
(() => {
  // An open menu closes on Escape or on a tap elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Whoever logs out leaves on this phone what a page could not send yet (`data-unsent-key` names it).
  document.addEventListener("submit", (event) => {
    const { unsentKey, unsentWarning } = event.target.dataset;
    if (!unsentKey) return;
    let count = null;
    try {
      count = localStorage.getItem(unsentKey);
    } catch {
      // Storage is blocked, so nothing is kept either.
    }
    if (count && !window.confirm(unsentWarning)) event.preventDefault();
  });

  // On a slow network a second tap must not send the form twice.
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.target || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    // A reply that is a file leaves the page in place: let it be sent again.
    setTimeout(release, 8000, form);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) release(form);
  });

  // A password copied from paper: let it be read while it is typed.
  for (const box of document.querySelectorAll("[data-reveal]")) {
    const fields = box.closest("form").querySelectorAll("input[type=password]");
    const show = (shown) => {
      for (const field of fields) field.type = shown ? "text" : "password";
    };
    box.hidden = false;
    box.addEventListener("change", (event) => show(event.target.checked));
    // Browsers offer to remember a password, not a text.
    box.closest("form").addEventListener("submit", () => show(false));
  }

  // Three sizes of the text, kept for a year in a cookie: the next page comes with it.
  const root = document.documentElement;
  for (const sizes of document.querySelectorAll("[data-text-size]")) {
    const press = () => {
      const chosen = root.dataset.text || "";
      for (const one of sizes.children) one.setAttribute("aria-pressed", one.value === chosen);
    };
    sizes.hidden = false;
    sizes.addEventListener("click", ({ target }) => {
      if (target.type !== "button") return;
      if (target.value) root.dataset.text = target.value;
      else delete root.dataset.text;
      // biome-ignore lint/suspicious/noDocumentCookie: old phones know no other way.
      document.cookie = `text_size=${target.value}; path=/; max-age=31536000; samesite=lax`;
      press();
    });
    press();
  }

  // Paper cannot be tapped: what is closed is printed open.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });

  // The time left of a quiz, counted from the page's own arrival: clocks of phones go wrong.
  for (const line of document.querySelectorAll("[data-seconds-left]")) {
    const timer = line.querySelector("[role=timer]");
    const over = line.querySelector("[data-over]");
    const end = performance.now() + 1000 * line.dataset.secondsLeft;
    timer.hidden = false;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left) return;
      over.textContent = over.dataset.over;
      clearInterval(ticking);
    };
    const ticking = setInterval(tick, 1000);
    tick();
  }

  // Without network: a page that says so (/sw.js). After the page, which matters more.
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", () => {
      navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(() => {});
    });
  }
})();

// Where a browser keeps nothing, this is where the script ends: nothing else hangs on it.
(() => {
  // What was typed and not saved, for want of a network or a log-in, is put back.
  const bringBack = (field) => {
    const key = `draft.${field.dataset.draft}`;
    const told = field.form.querySelector("[data-draft-note]");
    const saved = field.defaultValue;
    const draft = localStorage.getItem(key);
    const isSaved = !("unsaved" in field.form.dataset);
    if (isSaved && draft?.trim() === saved.trim()) localStorage.removeItem(key);
    else if (isSaved && draft !== null) {
      field.value = draft;
      told.hidden = false;
      field.closest("details")?.setAttribute("open", "");
    }
    field.addEventListener("input", () => localStorage.setItem(key, field.value));
    told.querySelector("button").addEventListener("click", () => {
      localStorage.removeItem(key);
      field.value = saved;
      told.hidden = true;
      field.focus();
    });
  };

  // How far one has read: a lesson that is not done offers the way back.
  const keepPlace = (text) => {
    const key = `reading.${text.dataset.reading}`;
    const resume = document.querySelector("[data-resume]");
    const headings = [...text.querySelectorAll("h2, h3")];
    const at = localStorage.getItem(key);
    const back = headings.find((one) => one.textContent === at);
    if (resume && back) {
      back.id = "dang-doc";
      resume.querySelector("span").textContent = at;
      resume.hidden = false;
    }
    const keep = () => {
      const passed = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
      if (!resume || passed.length < 2) localStorage.removeItem(key);
      else localStorage.setItem(key, passed.pop().textContent);
    };
    document.addEventListener("visibilitychange", keep);
    window.addEventListener("pagehide", keep);
  };

  for (const field of document.querySelectorAll("[data-draft]")) bringBack(field);
  for (const text of document.querySelectorAll("[data-reading]")) keepPlace(text);
})();
