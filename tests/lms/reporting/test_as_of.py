"""Any past day told from facts: what the page said that evening, in every cell."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.completion import evaluate_many
from courses.domain.enrolling import enrol_many, withdraw
from courses.domain.history import record_enrolments, record_run
from courses.domain.runs import announce_change, cancel_run, close_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import (
    CourseRun,
    Enrolment,
    EnrolmentChange,
    LessonCompletion,
    LessonPage,
    ProgrammeRequirement,
)
from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.postings import post, transfer
from lms.core.refusal import Refusal
from lms.reporting.domain.counting_as_of import people_as_of
from lms.reporting.domain.people import find_people
from lms.reporting.domain.tables import Table, completion_table, completion_table_as_of
from lms.reporting.enums import CountedAt, PersonState
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.views.about import past_notes
from tests.chance import fewer_examples
from tests.factories.accounts import PostingFactory
from tests.factories.courses import HANOI, CourseRunFactory, EnrolmentFactory, ask, make_course
from tests.factories.files import content_of
from tests.factories.geography import unit
from tests.factories.reporting import DONE_AT, World, enrolled
from tests.factories.rows import set_fields
from tests.lms.reporting.asking import query_of
from tests.reading import html_of

on_sqlite_too = pytest.mark.sqlite("time: moments and days in sub-queries")

FIRST = date(2014, 5, 1)
PLACES = ("350", "13384", "13387", "13591")
PEOPLE, RUNS, DAYS = 4, 3, 4
POST_ACTS = ("move", "promote", "second_post", "leave")
CLASS_ACTS = ("close", "cancel", "put_off")
BEFORE = datetime(2014, 4, 1, 8, 0, tzinfo=HANOI)


@dataclass
class Village:
    """Two courses, of which collaborators must complete one and officers both; three classes."""

    world: World
    monitor: User
    coordinator: User
    runs: list[CourseRun]
    people: list[User] = field(default_factory=list)


@pytest.fixture
def village(world, monitor, coordinator):
    other = make_course(code="khoa-hai", lessons=1)
    for course in (world.course, other):
        ProgrammeRequirement.objects.create(
            programme=world.programme, course=course, cadre=Cadre.COMMUNE_OFFICER
        )
    runs = [
        CourseRunFactory(
            course=course,
            programme=world.programme,
            unit=unit("350"),
            starts_on=FIRST + timedelta(days=days),
            ends_on=FIRST + timedelta(days=days),
        )
        for course, days in ((world.course, -1), (world.course, 3), (other, 2))
    ]
    for run in runs:
        ask(run, lessons={"percent": 100})
        record_run(run=run, at=BEFORE)
    cadres = [Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER] * 2
    people = [
        PostingFactory(unit=unit(code), cadre=cadre).user
        for code, cadre in zip(PLACES, cadres, strict=True)
    ]
    return Village(world, monitor, coordinator, runs, people)


def act(village, at, name, person, run, place):
    """Let one thing happen; what the rules refuse does not."""
    user, run = village.people[person], CourseRun.objects.get(pk=village.runs[run].pk)
    if name in POST_ACTS:
        change_post(name, user, unit(place), at.date())
    elif name in CLASS_ACTS:
        change_class(name, run, at)
    else:
        change_enrolment(name, user, run, at)


def change_post(name, user, place, day):
    held = Posting.objects.filter(user=user, valid_to=None).select_related("unit").first()
    if name == "second_post":
        post(user=user, unit=place, cadre=Cadre.COLLABORATOR, on=day)
    elif held and name == "leave":
        Posting.objects.filter(pk=held.pk).update(valid_to=day - timedelta(days=1))
    elif held:
        to, cadre = (place, None) if name == "move" else (held.unit, Cadre.COMMUNE_OFFICER)
        transfer(user=user, from_unit=held.unit, to_unit=to, on=day, cadre=cadre)


def change_class(name, run, at):
    if name == "close":
        close_run(run=run, at=at)
    elif name == "cancel":
        cancel_run(run=run, reason="Mưa lũ", at=at)
    else:
        run.starts_on = run.ends_on = run.starts_on + timedelta(days=2)
        run.save()
        announce_change(run=run, before={"starts_on": None, "ends_on": None}, by=None, at=at)


def change_enrolment(name, user, run, at):
    enrolment = Enrolment.objects.filter(user=user, run=run).first()
    if name == "enrol":
        enrol_many(run=run, users=[user], at=at)
    elif enrolment and name == "withdraw":
        withdraw(enrolment=enrolment, by=None, reason="Chuyển công tác", at=at)
    elif enrolment:
        study(enrolment, run, at, learns=name == "learn")


def study(enrolment, run, at, *, learns):
    LessonCompletion.objects.filter(enrolment=enrolment).delete()
    if learns:
        LessonCompletion.objects.bulk_create(
            LessonCompletion(enrolment=enrolment, lesson=lesson, completed_at=at)
            for lesson in LessonPage.objects.descendant_of(run.course)
        )
    evaluate_many(run=run, enrolment_ids=[enrolment.pk], at=at)


NAMES = (*("enrol", "learn") * 3, "withdraw", "unlearn", *POST_ACTS, *CLASS_ACTS)
ACTS = st.tuples(
    st.sampled_from(NAMES),
    st.integers(0, PEOPLE - 1),
    st.integers(0, RUNS - 1),
    st.sampled_from(PLACES),
)
HISTORIES = st.lists(st.lists(ACTS, max_size=6), min_size=DAYS, max_size=DAYS)

VIEWS = [
    ("monitor", "", CountedAt.ENROLMENT, None),
    ("monitor", "", CountedAt.NOW, None),
    ("monitor", "350", CountedAt.ENROLMENT, [Cadre.COLLABORATOR]),
    ("coordinator", "", CountedAt.NOW, [Cadre.COLLABORATOR]),
]


def table_of(village, view, day, *, is_past):
    who, code, counted_at, cadres = view
    count = completion_table_as_of if is_past else completion_table
    return count(
        programme=village.world.programme,
        edition=village.world.programme.edition,
        on=day,
        reader=getattr(village, who),
        parent=unit(code) if code else None,
        cadres=cadres,
        counted_at=counted_at,
    )


def cells(table: Table):
    """Every cell of every row; figures that plug-ins divide into parts are no cells."""
    return [
        (
            row.unit and row.unit.code,
            row.is_office,
            row.beyond,
            [row.figures.count(state) for state in PersonState],
            row.figures.starts_on,
            row.figures.left,
            +row.figures.days,
            +row.figures.sexes,
            row.figures.extra.get("certificates.issued", 0),
            (row.communes, row.communes_reached, row.communes_done, row.communes_unreached),
            (row.communes_unknown, row.communes_ahead, row.moved_in, row.moved_out),
            row.latest and row.latest.unit.code,
        )
        for row in (*table.rows, *table.places, table.total)
    ] + [table.moved]


@on_sqlite_too
@fewer_examples(6)
@given(history=HISTORIES, views=st.permutations(range(len(VIEWS))))
def test_any_past_day_is_what_the_page_said_that_evening(village, history, views):
    with transaction.atomic():
        said = {}
        for number, (acts, view) in enumerate(zip(history, views, strict=True)):
            day = FIRST + timedelta(days=number)
            for one in acts:
                try:
                    with transaction.atomic():
                        act(village, datetime.combine(day, time(10), tzinfo=HANOI), *one)
                except Refusal:
                    continue
            # Each evening another one is asked.
            said[day, view] = cells(table_of(village, VIEWS[view], day, is_past=False))
        for (day, view), live in said.items():
            assert cells(table_of(village, VIEWS[view], day, is_past=True)) == live
        last = FIRST + timedelta(days=DAYS - 1)
        for view in VIEWS:
            assert names_then(village, view, last) == names_now(village, view, last)
        transaction.set_rollback(True)


def names_then(village, view, day):
    who, _code, counted_at, cadres = view
    found = people_as_of(
        programme=village.world.programme,
        on=day,
        reader=getattr(village, who),
        cadres=cadres,
        counted_at=counted_at,
    )
    return [sorted((one.user, one.state) for one in people) for people in (found.here, found.away)]


def names_now(village, view, day):
    who, _code, counted_at, cadres = view
    found = find_people(
        programme=village.world.programme,
        edition=village.world.programme.edition,
        on=day,
        reader=getattr(village, who),
        cadres=cadres,
        counted_at=counted_at,
    )
    lines = found.lines(states=list(PersonState))
    away = found.find().away
    away = [] if away is None else away.values_list("user", "state")
    return [sorted((line.user.pk, line.state) for line in lines), sorted(away)]


@on_sqlite_too
def test_page_of_a_past_day_says_so_and_keeps_the_day_in_its_links(as_monitor, world, monitor):
    person = PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1)).user
    enrol_many(run=world.runs["350"], users=[person], at=DONE_AT)
    query = f"?on={DONE_AT:%Y-%m-%d}"
    response = as_monitor.get(reverse("reporting:completion") + query)
    assert response.context["asked"].is_past
    assert response.context["total"]["row"].figures.learning == 1
    assert len(response.context["notes"]) == 1
    assert f"on={DONE_AT:%Y-%m-%d}" in response.context["rows"][0]["url"]
    assert f"{DONE_AT:%d/%m/%Y}" in html_of(response)
    EnrolmentChange.objects.update(is_inferred=True)
    cache.clear()
    names = as_monitor.get(reverse("reporting:people", args=[unit("13384").pk]) + query)
    assert [row["label"] for row in names.context["rows"]] == [person.full_name]
    # What was missing that day nobody knows; and that the history begins later is said.
    assert len(names.context["rows"][0]["cells"]) == len(names.context["columns"]) - 1
    assert len(names.context["notes"]) == 2
    early = as_monitor.get(reverse("reporting:completion") + "?on=2014-05-01")
    assert early.context["total"]["row"].figures.no_class == 1


@pytest.mark.parametrize("name", ["completion_file", "all_people_file"])
def test_file_of_a_past_day_says_so_in_its_head(as_monitor, world, name):
    PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1))
    response = as_monitor.get(reverse(f"reporting:{name}") + "?on=2014-05-20&export=csv")
    head = content_of(response).decode("utf-8-sig").splitlines()[:6]
    assert any("20/05/2014" in line for line in head)


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "today"])
def test_day_that_is_not_over_or_no_day_is_today(monitor, world, day):
    typed = localdate().isoformat() if day == "today" else day
    asked = query_of(monitor, {"on": typed})
    assert not asked.is_past
    assert past_notes(asked) == []
    # Whoever has typed another day than today's is told so, beside it.
    assert asked.form.has_error("on") == (day not in {"", "today"})


def test_nothing_is_to_be_done_about_a_past_day(as_monitor, world):
    PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1))
    query = {"state": "no_class"}
    acts = [
        as_monitor.get(reverse("reporting:all_people"), query | more).context["act"]
        for more in ({}, {"on": "2014-05-20"})
    ]
    assert acts[0]
    assert not acts[1]


@pytest.mark.parametrize(
    "narrowed", [{"sex": "female"}, {"run": "DA2-350"}, {"age": "30-39"}, {"since": "2014-05-01"}]
)
def test_past_day_of_a_part_is_refused_and_what_was_typed_stays(monitor, world, narrowed):
    set_fields(world.runs["350"], code="DA2-350")
    typed = {"on": "2014-05-20", **narrowed}
    asked = query_of(monitor, typed)
    assert asked.form.has_error("on", "not_of_a_part")
    assert not asked.is_past
    assert len(past_notes(asked)) == 1
    assert typed.items() <= asked.form.data.dict().items()


def test_names_of_women_are_not_opened_of_a_past_day(as_monitor, world):
    done = enrolled(world, "350", "13384", completed=True)
    set_fields(done.user, sex="female")
    record_enrolments(enrolments=[done], at=DONE_AT)
    page = as_monitor.get(reverse("reporting:completion"), {"on": "2014-05-21"})
    cells = {cell.label: cell for cell in page.context["total"]["cells"]}
    women = cells["Nữ hoàn thành"]
    assert (women.text, women.url) == ("1/1", "")


class Notes(ReportColumn):
    key = "test.notes"
    label = "Notes"

    def count(self, enrolments, place):
        return {}

    def count_before(self, *, programme, before, users=None):
        return dict.fromkeys(Enrolment.objects.values_list("pk", flat=True), 3)


@on_sqlite_too
def test_cancelled_class_leaves_a_person_in_none_and_counts_no_figure(
    world, edition, monitor, monkeypatch
):
    monkeypatch.setitem(report_columns._entries, Notes.key, Notes())
    kept, lost = enrolled(world, "350", "13384"), enrolled(world, "353", "13591")
    record_enrolments(enrolments=[kept, lost], at=BEFORE)
    for run in world.runs.values():
        record_run(run=run, at=BEFORE)
    set_fields(world.runs["353"], status=RunStatus.CANCELLED)
    record_run(run=world.runs["353"], at=DONE_AT)
    asked = {"programme": world.programme, "on": DONE_AT.date(), "reader": monitor, "cadres": None}

    table = completion_table_as_of(edition=edition, counted_at=CountedAt.ENROLMENT, **asked)
    people = people_as_of(counted_at=CountedAt.ENROLMENT, **asked)
    officers = asked | {"cadres": [Cadre.COMMUNE_OFFICER]}
    none = completion_table_as_of(edition=edition, counted_at=CountedAt.NOW, **officers)

    assert table.total.figures.no_class == 1
    assert table.total.figures.extra[Notes.key] == 3
    assert none.total.figures.extra.get(Notes.key, 0) == 0
    assert {one.user: one.state for one in people.here}[lost.user_id] == PersonState.NO_CLASS


AN_HOUR_LATER = DONE_AT + timedelta(hours=1)


@pytest.mark.parametrize(
    "meanwhile", [{}, {"status": EnrolmentStatus.COMPLETED, "completed_at": AN_HOUR_LATER}]
)
def test_who_learns_anew_has_completed_when_the_first_class_was(world, monitor, meanwhile):
    done = enrolled(world, "350", "13384", completed=True)
    of_person = {"user": done.user, "posting": done.posting, "unit": done.unit}
    again = EnrolmentFactory(run=world.runs["353"], **of_person, **meanwhile)
    for run in world.runs.values():
        record_run(run=run, at=BEFORE)
    record_enrolments(enrolments=[done, again], at=AN_HOUR_LATER)

    (person,) = people_as_of(
        programme=world.programme,
        on=DONE_AT.date(),
        reader=monitor,
        cadres=None,
        counted_at=CountedAt.ENROLMENT,
    ).here

    assert (person.state, person.done_on) == (PersonState.COMPLETED, DONE_AT.date())
