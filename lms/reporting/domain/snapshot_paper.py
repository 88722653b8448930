"""From the frozen facts of a report to the words on its paper, small groups hidden. Always
Vietnamese, whatever the reader's language.
"""

from typing import Any, Final

from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.core.display import percent, vi_date, vi_number
from lms.core.pdf import printable
from lms.reporting.domain.small_numbers import is_small
from lms.reporting.domain.snapshot_hiding import is_period_told
from lms.reporting.domain.snapshot_sums import COLUMNS, STATES
from lms.reporting.enums import PersonState
from lms.reporting.models import ReportSnapshot

#: Stands in the place of a figure that is hidden.
HIDDEN: Final = "*"
NATION: Final = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def compose_paper(*, snapshot: ReportSnapshot) -> dict[str, Any]:
    """Compose the texts that the PDF and the DOCX lay out alike."""
    with override("vi"):
        return _printable(_compose(snapshot))


def shown(facts: dict[str, Any], table: str, row: dict[str, Any], column: str) -> str:
    """Return a figure as it leaves the office."""
    key = [table, row.get("key", "total"), column]
    return HIDDEN if key in facts["hidden"] else vi_number(row[column])


def meaning_of_hidden(smallest: int) -> str:
    """Return what the sign says that stands for a figure."""
    sentence = _(
        "%(mark)s: a group of fewer than %(count)s people, or a figure from which one would "
        "follow, is not published."
    )
    return sentence % {"mark": HIDDEN, "count": smallest}


def headings() -> list[str]:
    """Return the heads of the columns of every table, behind that of the place."""
    return [_("People to train"), *(str(PersonState(state).label) for state in STATES), _("Share")]


def cells_of(facts: dict[str, Any], table: str, row: dict[str, Any]) -> list[str]:
    """Return the figures of a row and its share, small groups hidden."""
    cells = {column: shown(facts, table, row, column) for column in COLUMNS}
    is_told = HIDDEN not in (cells["people"], cells[PersonState.COMPLETED])
    share = percent(row[PersonState.COMPLETED], row["people"]) if is_told else HIDDEN
    return [*cells.values(), share]


def _compose(snapshot: ReportSnapshot) -> dict[str, Any]:
    facts, office = snapshot.facts, snapshot.facts["office"]
    day = localdate(snapshot.approved_at) if snapshot.approved_at else None
    number = str(snapshot.number) if snapshot.number else "      "
    return {
        "parent": office["parent"].upper(),
        "office": office["name"].upper(),
        "number": f"Số: {number}/BC-{office['code']}",
        "nation": NATION[0],
        "motto": NATION[1],
        "place_date": f"{office['place']}, "
        + (vi_date(day, "official") if day else "ngày      tháng      năm"),
        "kind": "BÁO CÁO",
        "title": facts["title"],
        "paragraphs": _paragraphs(snapshot),
        "headings": headings(),
        "tables": list(_tables(facts)),
        "rules": _rules(facts),
        "definitions": facts["definitions"],
        "recipients": ["Nơi nhận:", *_lines(office["recipients"])],
        "signer_position": [line.upper() for line in _lines(office["signer_position"])],
        "signer_name": office["signer_name"],
        "notice": _notice(snapshot),
    }


def _notice(snapshot: ReportSnapshot) -> str:
    if snapshot.facts["is_sample"]:
        return "BẢN MẪU - DỮ LIỆU MINH HOẠ"
    return "DỰ THẢO" if snapshot.is_draft else ""


def _paragraphs(snapshot: ReportSnapshot) -> list[str]:
    facts = snapshot.facts
    total = facts["total"]
    people = shown(facts, "total", total, "people")
    completed = shown(facts, "total", total, "completed")
    sentences = [
        _("As of %(day)s, on the map of %(map)s (%(basis)s):")
        % {
            "day": vi_date(snapshot.ends_on),
            "map": facts["edition"]["title"],
            "basis": facts["edition"]["legal_basis"],
        },
        _("People to train: %(people)s; completed: %(completed)s.")
        % {"people": people, "completed": completed},
    ]
    if goal := _goal_in_words(facts, completed):
        sentences.append(goal)
    told = _completed_in_period(facts)
    sentences.append(
        _("Completed in the period (%(period)s): %(people)s people.")
        % {"period": facts["period"], "people": told}
    )
    if total["communes"]:
        sentences.append(_communes_reached(facts))
    if facts["hidden"] or told == HIDDEN:
        sentences.append(meaning_of_hidden(facts["smallest_shown"]))
    return [*sentences, *facts["notes"]]


def _goal_in_words(facts: dict[str, Any], completed: str) -> str:
    """Return what part of the number set for the whole unit is reached, as its page tells; "" without one."""
    of_all = [one for one in facts["targets"] if one["unit"] == facts["unit"] and not one["cadre"]]
    goal = next((one["people"] for one in of_all), None)
    if goal is None or completed == HIDDEN:
        return ""
    values = {"goal": vi_number(goal), "share": percent(facts["total"]["completed"], goal)}
    return _("Target: %(goal)s people; completed, of the target: %(share)s.") % values


def _communes_reached(facts: dict[str, Any]) -> str:
    """Return in how many communes somebody has completed. Those of few people are left out: where none
    of them, or each, were among the reached, the number would tell of their people.
    """
    total = facts["total"]
    few = [row for row in facts["places"] or facts["rows"] if _is_commune_of_few(row)]
    values = {
        "reached": vi_number(
            total["communes_reached"] - sum(row[PersonState.COMPLETED] > 0 for row in few)
        ),
        "communes": vi_number(total["communes"] - len(few)),
        "count": facts["smallest_shown"],
    }
    if few:
        sentence = _(
            "Communes with somebody who has completed: %(reached)s of %(communes)s; those of fewer "
            "than %(count)s people are not told."
        )
        return sentence % values
    return _("Communes with somebody who has completed: %(reached)s of %(communes)s.") % values


def _is_commune_of_few(row: dict[str, Any]) -> bool:
    is_commune = row["unit"] and not (row["has_communes"] or row["key"].endswith("/office"))
    return bool(is_commune) and is_small(row["people"])


def _completed_in_period(facts: dict[str, Any]) -> str:
    return vi_number(facts["completed_in_period"]) if is_period_told(facts) else HIDDEN


def _tables(facts: dict[str, Any]) -> Any:
    """Yield the tables with their title and rows of text; a title in the middle opens a district."""
    total = [_("Total"), *cells_of(facts, "total", facts["total"])]
    for name, title, head in (
        ("rows", _("By place"), _("Place")),
        ("cadres", _("By cadre"), _("Cadre")),
        ("places", _("By commune"), _("Place")),
    ):
        rows = facts[name]
        if not rows:
            continue
        lines: list[list[str]] = []
        district = ""
        for row in rows:
            if row.get("district", "") != district:
                district = row["district"]
                lines += [[capfirst(district)]] if district else []
            lines.append([row["label"], *cells_of(facts, name, row)])
        yield {"title": title, "head": head, "rows": [*lines, total]}


def _rules(facts: dict[str, Any]) -> list[str]:
    """Return what was asked of whom, and the targets."""
    rules = [
        _("%(cadre)s: %(course)s") % {"cadre": one["cadre"], "course": one["course"]}
        for one in facts["requirements"]
    ]
    for one in facts["targets"]:
        words = {
            "unit": one["unit"],
            "cadre": one["cadre"] or _("All cadres"),
            "threshold": one["threshold"],
        }
        rule = _("Target of %(unit)s, %(cadre)s: %(threshold)s")
        if one["people"] is not None:
            words["people"] = vi_number(one["people"])
            rule = _("Target of %(unit)s, %(cadre)s: %(people)s people, done at %(threshold)s")
        rules.append(rule % words)
    return rules


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_printable(one) for one in value]
    return printable(value)
