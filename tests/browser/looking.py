"""One page in a real Chromium: what it complains of, what axe finds, what does not fit."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET = 44
# Two thirds of axe's time; what they find does not depend on the language, and where there is room
# nothing is closer together than on the narrowest screen.
SEEN_NARROW = ("color-contrast", "target-size")

# By a name of our own, since Wagtail's pages bring another version; in the page alone, not its frames.
LOAD_AXE = (
    f"if (window === window.top && !window.ourAxe) {{ {AXE_SCRIPT}\n window.ourAxe = window.axe; }}"
)
# What has been met stays in the browser: to send it takes longer than to find it.
RUN_AXE = """async (options) => (await ourAxe.run(document, options)).violations
  .map((rule) => [rule.id, rule.nodes.map((node) => node.html)])"""

# What reaches past the right edge, unless a box of its own scrolls that is reached by keyboard.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > edge + 1);
  return [document.documentElement.scrollWidth + " px", ...over.slice(0, 3).map((e) => e.outerHTML.slice(0, 160))];
}"""

# Boxes that scroll sideways and that no key reaches.
DEAD_SCROLLERS = """() => [...document.querySelectorAll("main *")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
  .filter((e) => e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, textarea"))
  .map((e) => e.outerHTML.slice(0, 160))"""

# What one taps and cannot hit. A link inside a sentence may be as high as its line (WCAG 2.5.8);
# a box or a circle counts with its label, a link with the card that it is laid over.
SMALL_TARGETS = """(least) => {
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const inSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && [...e.parentNode.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const boxOf = (e) => {
    const label = e.matches("input") && e.labels && e.labels[0];
    const laidOver = getComputedStyle(e, "::after").position === "absolute" && e.offsetParent;
    const boxes = [e, label, laidOver].filter(Boolean).map((one) => one.getBoundingClientRect());
    return { w: Math.max(...boxes.map((b) => b.width)), h: Math.max(...boxes.map((b) => b.height)) };
  };
  const taps = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  return [...document.querySelectorAll(taps)]
    .filter((e) => seen(e) && !e.closest(".visually-hidden, .skip-link") && !inSentence(e))
    .map((e) => [e, boxOf(e)])
    .filter(([, b]) => b.w > 1 && b.h > 1 && (b.w < least - 0.5 || b.h < least - 0.5))
    .map(([e, b]) => `${Math.round(b.w)}x${Math.round(b.h)} ${e.outerHTML.slice(0, 140)}`);
}"""

# Reported by the page itself; the console alone would not say which rule.
VIOLATIONS = """addEventListener("securitypolicyviolation", (e) =>
  console.error("policy: " + [e.effectiveDirective, e.blockedURI, e.sourceFile, e.lineNumber].join(" ")), true);"""


@dataclass(frozen=True)
class Look:
    """What was found on one page; every list is empty on a good one."""

    address: str
    complaints: list[str]
    foreign: list[str]
    axe: list[tuple[str, list[str]]]
    too_wide: list[str]
    dead_scrollers: list[str]
    small_targets: list[str]


class Looker:
    """One tab that opens page after page of the site at `base` and hears what is said."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self._host = urlsplit(base).netloc
        self._complaints: list[str] = []
        self._foreign: list[str] = []
        context.add_init_script(VIOLATIONS)
        # Sent once, not with each page.
        context.add_init_script(LOAD_AXE)
        self.page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("request", self._notice)

    def look_at(self, address: str, *, with_axe: bool = True, without: Iterable[str] = ()) -> Look:
        self._complaints.clear()
        self._foreign.clear()
        answer = self.page.goto(address, wait_until="load")
        assert answer is not None
        return Look(
            address=address,
            axe=axe_of(self.page, without=without) if with_axe else [],
            too_wide=self.page.evaluate(TOO_WIDE),
            dead_scrollers=self.page.evaluate(DEAD_SCROLLERS),
            small_targets=self.page.evaluate(SMALL_TARGETS, TARGET),
            # A page that says that it is not there is told so by the console too.
            complaints=[one for one in self._complaints if f"of {answer.status}" not in one],
            foreign=list(self._foreign),
        )

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(message.text)

    def _notice(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != self._host:
            self._foreign.append(request.url)


def faults_of(
    page: Page, *, widths: tuple[int, ...] = (360, 1280)
) -> dict[int, tuple[list[str], list[tuple[str, list[str]]]]]:
    """What is too wide and what axe finds, by the width of the screen; the page is loaded once."""
    before, found = page.viewport_size, {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        without = () if width == min(widths) else SEEN_NARROW
        found[width] = (page.evaluate(TOO_WIDE), axe_of(page, without=without))
    if before:
        page.set_viewport_size(before)
    return {width: faults for width, faults in found.items() if any(faults)}


def axe_of(page: Page, *, without: Iterable[str] = ()) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks, each with the elements."""
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
    }
    if not page.evaluate("() => Boolean(window.ourAxe)"):
        page.evaluate(LOAD_AXE)
    found = page.evaluate(RUN_AXE, options)
    return [(rule, [html[:200] for html in nodes]) for rule, nodes in found]
