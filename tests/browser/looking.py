"""One page in a real Chromium: what it complains of, what axe finds, what does not fit."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET = 44

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


def look_at(context: BrowserContext, address: str) -> Look:
    page = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def notice(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(page.url).netloc:
            foreign.append(request.url)

    page.add_init_script(VIOLATIONS)
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(address)
    page.on("request", notice)
    assert answer is not None
    page.wait_for_load_state("networkidle")
    found = Look(
        address=address,
        # A page that says that it is not there is told so by the console too.
        complaints=[one for one in complaints if f"status of {answer.status}" not in one],
        foreign=foreign,
        axe=axe_of(page),
        too_wide=page.evaluate(TOO_WIDE),
        dead_scrollers=page.evaluate(DEAD_SCROLLERS),
        small_targets=page.evaluate(SMALL_TARGETS, TARGET),
    )
    page.close()
    return found


def axe_of(page: Page) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks, each with the elements."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = _axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@cache
def _axe() -> Axe:
    return Axe()
