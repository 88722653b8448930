"""The sign-in sheet: its pages, its columns, its code, and whom it names."""

import io
from datetime import datetime

import pytest
from pypdf import PdfReader

from attendance.domain.paper.half_days import half_days_of
from attendance.domain.paper.sheet_codes import read_sheet_code, sheet_code
from attendance.domain.paper.sign_in_sheet import (
    FEWEST_WALK_IN_LINES,
    ROWS_A_PAGE,
    ROWS_ABOVE_SIGNATURES,
    compose_sign_in_sheet,
    lay_out,
    render_sign_in_sheet,
)
from lms.accounts.enums import Cadre, Role
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.courses import HANOI, EnrolmentFactory
from tests.factories.geography import unit

NOON = datetime(2014, 5, 6, 12, 0, tzinfo=HANOI)


def at(clock: str, day: int = 6) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2014, 5, day, int(hour), int(minute), tzinfo=HANOI)


@pytest.mark.parametrize(
    ("begin", "end", "parts"),
    [
        (at("08:00"), at("11:30"), ["morning"]),
        (at("08:00"), at("12:15"), ["morning"]),
        (at("13:30"), at("16:30"), ["afternoon"]),
        (at("08:00"), at("16:30"), ["morning", "afternoon"]),
        (at("12:15"), at("12:45"), ["afternoon"]),
        (at("18:15"), at("18:45"), ["evening"]),
        (at("13:30"), at("21:00"), ["afternoon", "evening"]),
        (at("22:00"), at("00:30", day=7), ["evening"]),
        (at("00:10"), at("01:00"), ["evening"]),
        (at("22:00"), at("08:00", day=7), ["evening", "morning"]),
    ],
)
def test_half_days_are_those_that_the_session_touches(begin, end, parts):
    assert [one.part for one in half_days_of(starts_at=begin, ends_at=end)] == parts


def test_pages_hold_everybody_once_and_room_for_signatures():
    for count in (*range(60), 499, 500):
        pages = lay_out(count)
        named = [number for page in pages for number in range(page.first, page.last)]
        rows = [page.last - page.first + page.blank for page in pages]
        assert named == list(range(count))
        assert max(rows) <= ROWS_A_PAGE, count
        assert rows[-1] <= ROWS_ABOVE_SIGNATURES, count
        assert pages[-1].blank >= FEWEST_WALK_IN_LINES, count
        assert not any(page.blank for page in pages[:-1]), count


@pytest.mark.parametrize("session_id", [1, 24, 25, 99_999, 244_140_624])
def test_code_leads_back_to_its_session(session_id):
    code = sheet_code(session_id=session_id)

    address = f"https://vi.du/phieu-ky-ten/{code.lower()}/"
    assert read_sheet_code(address) == read_sheet_code(f"{address}?trang=12") == session_id


@pytest.mark.parametrize("sign", range(12))
def test_code_with_one_sign_misread_is_none(sign):
    code = sheet_code(session_id=4711)
    other = "3" if code[sign] == "2" else "2"

    assert read_sheet_code(code[:sign] + other + code[sign + 1 :]) is None


@pytest.mark.parametrize("text", ["", "7K3M", "000000000000", "111111111111"])
def test_code_of_no_sheet_is_none(text):
    assert read_sheet_code(text) is None


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (24, 2), (25, 2), (26, 2)])
def test_sheet_has_as_many_pages_as_were_laid_out(session, trainer, count, pages):
    enrol_many(session.run, count)

    pdf, people = render_sign_in_sheet(session=session, reader=trainer, at=NOON)

    reader = PdfReader(io.BytesIO(pdf))
    assert (people, len(reader.pages), len(lay_out(count))) == (count, pages, pages)
    signed = ["(ký, ghi rõ họ tên)" in page.extract_text() for page in reader.pages]
    assert signed == [False] * (pages - 1) + [True]


def test_sheet_of_a_whole_day_is_signed_twice_and_shows_phones_on_record_alone(run, trainer):
    session = SessionFactory(run=run, ends_at=at("16:30"), room="P. 2 #[*")
    parent = PostingFactory(unit=unit("13387"), cadre=Cadre.PARENT_GROUP)
    child = EnrolmentFactory(run=run, unit=parent.unit, cadre=parent.cadre, user=parent.user)
    officer = EnrolmentFactory(
        run=run, unit=parent.unit, user__full_name="Lê Thị Cán", user__phone="+84912345678"
    )

    paper = compose_sign_in_sheet(session=session, reader=trainer, at=NOON)

    rows = {row["name"]: row["phone"] for page in paper["pages"] for row in page if row["name"]}
    assert rows == {child.user.full_name: "", officer.user.full_name: "0912 345 678"}
    assert [one["part"] for one in paper["half_days"]] == ["morning", "afternoon"]
    assert paper["room"] == "P. 2 #[*"
    assert render_sign_in_sheet(session=session, reader=trainer, at=NOON)[1] == 2


def test_sheet_names_only_people_whom_the_reader_may_see(session, run, trainer):
    enrol_many(run, 1, "13387")
    (elsewhere,) = enrol_many(run, 1, "13591")
    coordinator = make_official(Role.COORDINATOR, "353")

    _pdf, people = render_sign_in_sheet(session=session, reader=trainer, at=NOON)
    paper = compose_sign_in_sheet(session=session, reader=coordinator, at=NOON)

    assert (people, paper["total"]) == (2, 1)
    assert [row["unit"] for page in paper["pages"] for row in page if row["name"]] == [
        str(elsewhere.unit)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_sheet_costs_the_same_queries_whatever_the_number(
    session, trainer, count, django_assert_num_queries
):
    enrol_many(session.run, count)
    compose_sign_in_sheet(session=session, reader=trainer, at=NOON)
    fresh = type(session).objects.select_related("run__unit").get(pk=session.pk)
    # The people, those noted by name alone, the trainers, the name of the suite.
    with django_assert_num_queries(4):
        compose_sign_in_sheet(session=fresh, reader=trainer, at=NOON)
