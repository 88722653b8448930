// A table pasted into a rich text becomes plain lines. Wagtail's editor cannot hold one, so whoever
// pastes is told where tables go; the sentence stands on the element of this script.
"use strict";

(() => {
  const { note } = document.currentScript.dataset;
  document.addEventListener(
    "paste",
    (event) => {
      const html = event.clipboardData?.getData("text/html") ?? "";
      if (!/<table[\s>]/i.test(html) || !event.target.closest?.(".Draftail-Editor")) return;
      const detail = { clear: true, text: note, type: "warning" };
      document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
    },
    { capture: true },
  );
})();
