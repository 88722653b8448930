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

  // Without network: a page that says so (/sw.js). After the page, which matters more.
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", () => {
      navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(() => {});
    });
  }
})();
