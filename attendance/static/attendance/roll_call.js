/* Makes the roll call quicker: live counts, search while typing, "all present" without a round trip,
   and choices that outlive a log-in or a reload. The page does all of its work without this file. */
(() => {
  const form = document.querySelector("[data-roll]");
  if (!form) return;
  const find = (selector) => form.querySelector(selector);
  const words = form.dataset;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const fold = (text) =>
    text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();

  /* One line: what is ticked and typed, and what the server holds (`saved`). */
  const said = (status, late) => (status === "late" ? `late ${Number(late)}` : status);
  const lines = [...form.querySelectorAll(".roll > li")].map((item) => ({
    item,
    radios: [...item.querySelectorAll("input[type=radio]")],
    late: item.querySelector(".roll__late input"),
    reason: item.querySelector(".roll__reason input"),
    saved: said(item.dataset.noted, item.dataset.late),
  }));
  const status = (line) => (line.radios.find((radio) => radio.checked) || { value: "" }).value;
  const isUnsaved = (line) => said(status(line), line.late.value) !== line.saved;
  const read = (line) => [status(line), line.late.value, line.reason.value];
  const write = (line, [chosen, late, reason]) => {
    for (const radio of line.radios) radio.checked = radio.value === chosen;
    line.late.value = late;
    line.reason.value = reason;
  };

  /* The browser keeps what is not saved, for as long as the tab is open. */
  const store = {
    load() {
      try {
        return JSON.parse(sessionStorage.getItem(words.roll)) || {};
      } catch {
        return {};
      }
    },
    keep() {
      const drafts = lines
        .filter(isUnsaved)
        .map((line) => [line.item.id, [line.saved, ...read(line)]]);
      try {
        sessionStorage.setItem(words.roll, JSON.stringify(Object.fromEntries(drafts)));
      } catch {
        // No store, or a full one: the page works on.
      }
    },
  };

  /* A missing reason is said beside its field before the round trip; the server asks for it, too. */
  const lacksReason = (line) =>
    line.item.classList.contains("is-asked") && !line.reason.value.trim();
  const complain = (line) => {
    if (line.note) return;
    line.note = document.createElement("p");
    line.note.className = "field__errors";
    line.note.id = `${line.item.id}-ly-do`;
    line.note.textContent = words.reason;
    line.item.lastElementChild.append(line.note);
    line.reason.setAttribute("aria-describedby", line.note.id);
    line.reason.setAttribute("aria-invalid", "true");
  };
  const forgive = (line) => {
    if (!line.note || lacksReason(line)) return;
    line.note.remove();
    line.note = null;
    line.reason.removeAttribute("aria-describedby");
    line.reason.removeAttribute("aria-invalid");
  };

  const state = find("[data-roll-state]");
  const allNoted = state.dataset.rollState;
  const showLine = (line) => {
    const corrects = line.saved !== "" && isUnsaved(line);
    line.item.classList.toggle("is-asked", corrects);
    // A number nobody sees must not keep the form from being sent.
    line.late.disabled = status(line) !== "late";
    forgive(line);
  };
  const countByStatus = () => {
    const counts = {};
    for (const line of lines) counts[status(line)] = (counts[status(line)] || 0) + 1;
    return counts;
  };
  const show = () => {
    lines.forEach(showLine);
    const counts = countByStatus();
    for (const cell of form.querySelectorAll("[data-count]")) {
      cell.textContent = counts[cell.dataset.count] || 0;
    }
    const unsaved = lines.filter(isUnsaved).length;
    const parts = [];
    if (counts[""]) parts.push(fill(words.left, { count: counts[""] }));
    if (unsaved) parts.push(fill(words.unsaved, { count: unsaved }));
    state.textContent = parts.join("\n") || allNoted;
  };

  const notice = find("[data-roll-notice]");
  let before = [];
  const changeTogether = (text, change) => {
    before = lines.map(read);
    const count = change();
    show();
    store.keep();
    notice.hidden = count === 0;
    find("[data-roll-notice-text]").textContent = fill(text, { count });
  };

  const search = find("[type=search]");
  const filter = () => {
    const wanted = fold(search.value).split(/\s+/);
    let found = 0;
    for (const { item } of lines) {
      item.hidden = !wanted.every((word) => item.dataset.search.includes(word));
      if (!item.hidden) found += 1;
    }
    find("[data-roll-found]").hidden = !search.value.trim();
    find("[data-roll-found-text]").textContent = fill(words.found, { found, total: lines.length });
  };
  const clear = () => {
    search.value = "";
    filter();
  };

  const onClick = (selector, act) =>
    find(selector).addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  onClick("[value=search]", () => search.focus());
  onClick("[data-roll-clear]", clear);
  onClick("[data-roll-fill]", () =>
    changeTogether(words.filled, () => {
      const open = lines.filter((line) => status(line) === "");
      for (const line of open) write(line, ["present", line.late.value, line.reason.value]);
      return open.length;
    }),
  );
  onClick("[data-roll-undo]", () => {
    for (const [place, line] of lines.entries()) write(line, before[place]);
    notice.hidden = true;
    show();
    store.keep();
  });
  find("[value=save]").addEventListener("click", (event) => {
    // A line that is filtered away could not show what is wrong with it.
    clear();
    const wrong = lines.filter(lacksReason);
    if (!wrong.length) return;
    event.preventDefault();
    wrong.forEach(complain);
    wrong[0].reason.focus();
  });
  search.addEventListener("input", filter);
  form.addEventListener("input", (event) => {
    if (event.target === search) return;
    show();
    store.keep();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    event.target.blur();
  });

  form.classList.add("is-live");
  const drafts = store.load();
  changeTogether(words.restored, () => {
    const lost = lines.filter((line) => {
      const draft = drafts[line.item.id];
      return draft && draft[0] === line.saved && !isUnsaved(line);
    });
    for (const line of lost) write(line, drafts[line.item.id].slice(1));
    return lost.filter(isUnsaved).length;
  });
  filter();
  window.addEventListener("pageshow", show);
})();
