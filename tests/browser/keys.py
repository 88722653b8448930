"""A person without a mouse: only keys, and every step of the focus is looked at."""

from playwright.sync_api import Page

# What has the focus: its name, whether it is seen, and whether it stands behind the last one.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const face = e.matches("[type=radio], [type=checkbox]") && e.labels[0]
    ? [e, e.labels[0], ...e.labels[0].querySelectorAll("*")] : [e];
  const marked = face.some((one) => {
    const s = getComputedStyle(one);
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  });
  const onTop = face.some((one) => {
    const b = one.getBoundingClientRect();
    return [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
      const top = document.elementFromPoint(b.left + b.width * x, b.top + b.height * y);
      return top && (one.contains(top) || top.contains(one) || face.includes(top));
    });
  });
  const last = window.lastFocused;
  const follows = !last || !last.isConnected
    || Boolean(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.lastFocused = e;
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  const group = e.closest("fieldset, [role=radiogroup]");
  return {
    name: (e.getAttribute("aria-label") || label || e.innerText || e.value || "").trim(),
    group: group ? (group.getAttribute("aria-label") || group.innerText).trim() : "",
    kind: e.type || e.tagName.toLowerCase(),
    marked, onTop, follows, html: e.outerHTML.slice(0, 160),
  };
}"""
FURTHEST = 120


class Keys:
    """Presses keys on `page`; fails when the focus is hidden, unmarked or out of order.

    On a page that is not `ours`, Wagtail's editor, it only has to get there: buttons between
    the blocks lie below Wagtail's own foot of the page.
    """

    def __init__(self, page: Page, *, ours: bool = True) -> None:
        self.page = page
        self.ours = ours

    def skip_link_comes_first(self) -> None:
        """On a fresh page, the first stop leads to the content, and works."""
        first = self.tab()
        assert "#main" in first["html"], first
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"
        self.page.evaluate("window.lastFocused = document.activeElement")

    def tab(self) -> dict:
        self.page.keyboard.press("Tab")
        focused = self.page.evaluate(FOCUSED)
        assert focused is not None, "the focus has left the page"
        if not self.ours:
            return focused
        assert focused["marked"], f"focus is not visible: {focused['html']}"
        assert focused["onTop"], f"focus is covered: {focused['html']}"
        assert focused["follows"], f"focus goes backwards: {focused['html']}"
        return focused

    def go_to(self, name: str, *, group: str = "", kind: str = "") -> None:
        """Tabs on until something called `name` (in a group that names `group`) has the focus."""
        passed = []
        for _ in range(FURTHEST):
            at = self.tab()
            if name in at["name"] and group in at["group"] and kind in at["kind"]:
                return
            passed.append(at["name"])
        raise AssertionError(f"{name!r} is not reached; passed {passed}")

    def follow(self, name: str) -> None:
        """Goes to a link or button and presses Enter; the next page counts anew."""
        self.go_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
