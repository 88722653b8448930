"""All or nothing, and never what nobody has seen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from lms.accounts.models import Posting, User
from lms.accounts.rosters.resources import people as resources
from lms.core.take_back import TAKEN_SINCE, depended_on
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.undoing import UNDO_ASKED, ask_to_undo, may_undo, undo
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch, ImportWrite
from tests.chance import fewer_examples
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write
from tests.refusing import raises_refusal

on_sqlite_too = pytest.mark.sqlite("JSON that is asked by its keys, written and read")


def new(code="KB-9001", **changes):
    cells = {"name": f"Người {code}", "year": "1980", "sex": "Nữ", "phone": "", "commune": "Quế"}
    return (code, *(cells | changes).values(), "CTV")


def waiting(batch):
    ask_to_confirm(batch=batch)
    return batch.pk


@on_sqlite_too
def test_change_since_the_rehearsal_is_rehearsed_again_and_nothing_written(
    coordinator, make_person
):
    person = make_person("Trần Văn Nhà", year_of_birth=1970)
    row = (person.staff_code, "Trần Văn Nhà", "1971", "", "", "", "")
    batch = rehearsed(sheet(row, new()), by=coordinator)
    pk = waiting(batch)
    User.objects.filter(pk=person.pk).update(year_of_birth=1972)

    assert confirm(batch_id=pk) is False

    batch.refresh_from_db()
    assert batch.state == "rehearsed"
    assert batch.notice
    assert batch.rows.first().changes == [["year_of_birth", "1972", "1971"]]
    assert not User.objects.filter(staff_code="KB-9001").exists()
    assert confirm(batch_id=waiting(batch)) is True


@on_sqlite_too
def test_failure_in_the_middle_leaves_nothing(coordinator, monkeypatch):
    batch = rehearsed(sheet(new()), by=coordinator)
    write = resources.write_people

    def fail(**arguments):
        write(**arguments)
        raise IntegrityError

    monkeypatch.setattr(resources, "write_people", fail)
    confirm(batch_id=waiting(batch))

    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("rehearsed", ["new"])
    assert not User.objects.filter(staff_code="KB-9001").exists()


def test_rows_with_errors_are_left_out_and_a_second_worker_finds_it_done(coordinator):
    batch = rehearsed(sheet(new(), new("KB-9002", commune="Không Có")), by=coordinator)
    pk = waiting(batch)

    assert [confirm(batch_id=pk), confirm(batch_id=pk)] == [True, False]
    written = User.objects.filter(staff_code__startswith="KB-")
    assert list(written.values_list("staff_code", flat=True)) == ["KB-9001"]


def test_list_without_anything_to_write_is_refused(coordinator):
    batch = rehearsed(sheet(new(commune="Không Có")), by=coordinator)

    with raises_refusal("nothing_to_write"):
        ask_to_confirm(batch=batch)


@on_sqlite_too
def test_written_list_comes_back_as_same_in_every_row(coordinator):
    file = [new("KB-9001", phone="0912345678"), new("KB-9002", commune="Nguyễn Úy")]
    write(rehearsed(sheet(*file), by=coordinator))
    assert outcomes(rehearsed(sheet(*file), by=coordinator)) == ["same", "same"]


def test_overtaken_rehearsal_stops(coordinator, monkeypatch):
    batch = rehearsed(sheet(new()), by=coordinator)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.REHEARSING)
    plan = resources.PeopleResource.plan

    def overtaken(self, rows):
        ImportBatch.objects.filter(pk=batch.pk).update(attempt=9)
        return plan(self, rows)

    monkeypatch.setattr(resources.PeopleResource, "plan", overtaken)

    assert rehearse(batch_id=batch.pk) is False
    assert ImportBatch.objects.get().state == BatchState.REHEARSING


def test_undo_is_refused_after_thirty_days_and_stands_in_the_history(coordinator):
    batch = write(rehearsed(sheet(new()), by=coordinator))
    with raises_refusal("too_late"):
        ask_to_undo(batch=batch, by=coordinator, at=timezone.now() + timedelta(days=31))

    ask_to_undo(batch=batch, by=coordinator, at=timezone.now())

    asked = ModelLogEntry.objects.get(action=UNDO_ASKED)
    assert (asked.user, asked.object_id) == (coordinator, str(batch.pk))


def undone(batch):
    ask_to_undo(batch=batch, by=batch.by, at=timezone.now())
    undo(batch_id=batch.pk)
    batch.refresh_from_db()
    return [write.left for write in ImportWrite.objects.filter(row__batch=batch).exclude(left=[])]


@on_sqlite_too
def test_undo_leaves_a_person_with_the_post_and_takes_both_once_nothing_keeps_them(coordinator):
    batch = write(rehearsed(sheet(new()), by=coordinator))
    person = User.objects.get(staff_code="KB-9001")
    second = PostingFactory(user=person, unit=unit("13387"))

    reason = [depended_on(["Chức danh"])]
    assert undone(batch) == [reason, reason]
    assert person.postings.count() == 2
    assert may_undo(batch=batch, at=timezone.now())

    second.delete()
    assert undone(batch) == []
    assert not User.objects.filter(pk=person.pk).exists()
    assert not may_undo(batch=batch, at=timezone.now())
    with raises_refusal("nothing_left"):
        ask_to_undo(batch=batch, by=coordinator, at=timezone.now())


@on_sqlite_too
def test_phone_that_was_in_the_way_returns_with_the_next_undo(coordinator, make_person):
    person = make_person("Trần Văn Nhà", phone="+84912345678", year_of_birth=1970)
    row = (person.staff_code, "Trần Văn Nhà", "1971", "", "0987654321", "", "")
    batch = write(rehearsed(sheet(row), by=coordinator))
    User.objects.filter(pk=person.pk).update(year_of_birth=1972)
    assert len(undone(batch)) == 1

    User.objects.filter(pk=person.pk).update(year_of_birth=1971)
    assert undone(batch) == []
    person.refresh_from_db()
    assert (person.phone, person.year_of_birth) == ("+84912345678", 1970)


@on_sqlite_too
def test_undo_leaves_a_phone_that_somebody_else_has_by_now(coordinator, make_person):
    person = make_person("Trần Văn Nhà", phone="+84912345678")
    row = (person.staff_code, "Trần Văn Nhà", "", "", "0987654321", "", "")
    batch = write(rehearsed(sheet(row), by=coordinator))
    UserFactory(phone="+84912345678")

    assert undone(batch) == [[TAKEN_SINCE]]
    person.refresh_from_db()
    assert person.phone == "+84987654321"


def test_number_of_queries_does_not_grow_with_the_rows(
    coordinator, django_assert_max_num_queries, django_assert_num_queries
):
    one, three = (
        rehearsed(sheet(*[new(f"KB-{start + n}") for n in range(count)]), by=coordinator)
        for start, count in ((9000, 1), (9100, 3))
    )
    ask_to_confirm(batch=one)
    ask_to_confirm(batch=three)
    confirm_ids = [one.pk, three.pk]
    # The first one also looks up content types.
    write(rehearsed(sheet(new("KB-1")), by=coordinator))
    with django_assert_max_num_queries(40) as captured:
        confirm(batch_id=confirm_ids[0])
    with django_assert_num_queries(len(captured)):
        confirm(batch_id=confirm_ids[1])


COMMUNES = st.sampled_from(["Quế", "Nguyễn Úy"])
PEOPLE = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1950, 2000), COMMUNES, st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
)


@fewer_examples(15)
@given(people=PEOPLE)
def test_confirm_then_undo_gives_the_register_back(coordinator, people):
    known = []
    for letter, year, _commune, is_known in people:
        code = f"P-{letter}".upper()
        User.objects.filter(staff_code=code).delete()
        if is_known:
            user = UserFactory(staff_code=code, full_name="Trần Văn Nhà", year_of_birth=year)
            PostingFactory(user=user, unit=unit("13384"))
            known.append(user.pk)
    before = register()
    rows = [
        (f"P-{letter}", f"Người {letter}", str(year + 1), "Nam", "", commune, "CTV")
        for letter, year, commune, _known in people
    ]
    batch = rehearsed(sheet(*rows), by=coordinator)
    write(batch)
    assert register() != before
    take_back(batch)

    assert register() == before


def register():
    return [list(model.objects.order_by("pk").values()) for model in (User, Posting)]
