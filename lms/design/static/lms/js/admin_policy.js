// Lets Wagtail's admin work under a Content-Security-Policy without 'unsafe-inline'.
"use strict";

// The rich text editor writes two <style> elements: the placeholder of the empty line and the
// numbers of nested lists. A style that a script of this page makes carries the page's nonce;
// a style that came as HTML does not, and stays refused.
(() => {
  const { nonce } = document.currentScript;
  const create = document.createElement;
  document.createElement = function createElement(name, options) {
    const element = create.call(document, name, options);
    if (String(name).toLowerCase() === "style") element.nonce = nonce;
    return element;
  };
})();

// What Wagtail starts by a <script> behind a date field, a chooser or a list of rows: here the
// templates and lms.scoped_admin.wagtail_fixes.wagtail_csp leave the same call as data. It is made as early as the
// script would have made it: a chooser must find its menu before Stimulus takes that away. So
// this file stands last, and its observer is older than those of Stimulus.
(() => {
  const STARTERS =
    /^(init(Date|Time|DateTime)Chooser|create\w+Chooser|\w*Chooser|InlinePanel|MultipleChooserPanel)$/;

  function start(template) {
    const { call, arguments: json } = template.dataset;
    const starter = STARTERS.test(call) && window[call];
    template.remove();
    if (!starter) return;
    if (/^(init|create)/.test(call)) starter(...JSON.parse(json));
    else startRowsAtOnce(new starter(...JSON.parse(json)));
  }

  // Whoever chooses several rows at once fills each in as soon as its form stands there: its
  // chooser must have been started by then, and the observer comes later.
  function startRowsAtOnce(panel) {
    const { addForm } = panel;
    if (!addForm) return;
    panel.addForm = (...options) => {
      addForm.apply(panel, options);
      startAll(document);
    };
  }

  function startAll(root) {
    for (const template of root.querySelectorAll("template[data-call]")) start(template);
  }

  new MutationObserver((changes) => {
    if (changes.some((change) => change.addedNodes.length > 0)) startAll(document);
  }).observe(document.documentElement, { childList: true, subtree: true });
  startAll(document);
})();
