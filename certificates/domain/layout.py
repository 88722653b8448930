"""From frozen facts to the words on the paper. Always Vietnamese, whatever the reader's language."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lms.core.codes import group_code
from lms.core.display import vi_date
from lms.core.pdf import printable

SAMPLE_NOTICE = "BẢN MẪU - DỮ LIỆU MINH HOẠ"
# The first line of the title is set large, whatever follows it smaller.
TITLE_HEAD = "GIẤY CHỨNG NHẬN"
_MINUTES_PER_HOUR = 60


def compose_paper(*, facts: dict[str, Any]) -> dict[str, Any]:
    """Compose the texts that `typst/certificate.typ` lays out, by its own keys;
    the QR code apart.
    """
    paper = {
        "document_title": f"Giấy chứng nhận số {facts['serial']}",
        "parent": facts["issuer_parent"].upper(),
        "issuer": facts["issuer_name"].upper(),
        "title": title_lines(facts["title"]),
        "name": facts["name"],
        "details": [_person_line(facts), _unit_line(facts)],
        "course": facts["course"],
        "delivery": _delivery_line(facts),
        "validity": _validity_line(facts),
        "place_date": f"{facts['place']}, {official_date(date.fromisoformat(facts['issued_on']))}",
        "signer_position": facts["signer_position"].upper().split("\n"),
        "signer_name": facts["signer_name"],
        "serial": facts["serial"],
        "code": group_code(facts["code"]),
        "address": _address_of(facts["verify_url"]),
        "sample": SAMPLE_NOTICE if facts["is_sample"] else "",
    }
    return {key: _printable(value) for key, value in paper.items()}


def title_lines(title: str) -> list[str]:
    """Return the title in capitals, broken after "GIẤY CHỨNG NHẬN" unless it
    has line breaks of its own.
    """
    capitals = title.upper()
    rest = capitals.removeprefix(TITLE_HEAD + " ")
    if "\n" not in capitals and rest != capitals:
        return [TITLE_HEAD, rest]
    return capitals.split("\n")


def official_date(day: date) -> str:
    """Format the day as Decree 30/2020 writes it: a nought before days 1 to 9
    and months 1 and 2 only.
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def hours_text(minutes: int) -> str:
    """Format 720 as "12 giờ", 690 as "11 giờ 30 phút", with spaces at which no line breaks."""
    hours, rest = divmod(minutes, _MINUTES_PER_HOUR)
    parts = [f"{hours} giờ"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} phút")
    return " ".join(parts).replace(" ", "\N{NO-BREAK SPACE}")


def _person_line(facts: dict[str, Any]) -> str:
    born = [f"Sinh năm {facts['year_of_birth']}"] if facts["year_of_birth"] else []
    return "  ·  ".join([*born, facts["cadre"]])


def _unit_line(facts: dict[str, Any]) -> str:
    unit, province = facts["unit"], facts["province"]
    return unit if province in unit else f"{unit}, {province}"


def _delivery_line(facts: dict[str, Any]) -> str:
    first, last = (vi_date(date.fromisoformat(facts[key])) for key in ("starts_on", "ends_on"))
    days = f"ngày {first}" if first == last else f"từ ngày {first} đến ngày {last}"
    parts = [facts["run_title"], days]
    if facts["minutes"]:
        parts.append(f"thời lượng tham dự {hours_text(facts['minutes'])}")
    return ", ".join(parts)


def _validity_line(facts: dict[str, Any]) -> str:
    end = facts.get("valid_until")
    return f"Có giá trị đến ngày {vi_date(date.fromisoformat(end))}" if end else ""


def _address_of(url: str) -> str:
    """Return where to type the code: the address without scheme and code."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rstrip("/").rpartition("/")[0]


def _printable(value: Any) -> Any:
    return [*map(printable, value)] if isinstance(value, list) else printable(value)
