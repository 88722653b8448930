"""Corrections that people ask for: read by the rules of the register, answered once, logged."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lms.accounts.enums import CorrectionItem, CorrectionState
from lms.accounts.merging.domain.merge import merge
from lms.accounts.models import CorrectionRequest, User
from lms.accounts.personal_data.domain.corrections import (
    APPLIED,
    ASKED,
    REFUSED,
    WITHDRAWN,
    apply_correction,
    ask_correction,
    is_written_at_once,
    refuse_correction,
    withdraw_correction,
)
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.refusing import raises_refusal, refused

on_sqlite_too = pytest.mark.sqlite("the constraints of each database")
AT = datetime(2014, 5, 6, 3, tzinfo=UTC)


def ask(person, item=CorrectionItem.FULL_NAME, wanted="Trần Văn Nhã", reason="", at=AT):
    return ask_correction(person=person, item=item, wanted=wanted, reason=reason, at=at)


def actions(person):
    entries = ModelLogEntry.objects.filter(object_id=str(person.pk)).order_by("pk")
    return [(entry.action, entry.user) for entry in entries]


def answers(asked, by):
    """Both ways in which a request can be answered."""
    return (
        lambda: apply_correction(asked=asked, by=by, at=AT),
        lambda: refuse_correction(asked=asked, by=by, answer="Không", at=AT),
    )


def test_request_waits_and_is_logged_without_its_value(neighbour):
    asked = ask(neighbour, wanted="  Trần  Văn Nhã ", reason=" sai dấu ")

    assert (asked.wanted, asked.reason, asked.state) == ("Trần Văn Nhã", "sai dấu", "open")
    entry = ModelLogEntry.objects.get(action=ASKED)
    assert entry.user == neighbour
    assert entry.data == {"item": "full_name"}
    assert str(asked) == "Họ và tên: Trần Văn Nhã"


@pytest.mark.parametrize(
    ("item", "wanted", "code"),
    [
        ("full_name", " ", "full_name"),
        ("full_name", "A" * 151, "full_name"),
        ("phone", "0912", "too_short"),
        ("phone", "không nhớ", "no_number"),
        ("year_of_birth", "1899", "year_of_birth"),
        ("year_of_birth", "năm Ngọ", "year_of_birth"),
        ("email", "nha@", "email"),
        ("sex", "khác", "sex"),
        ("full_name", "Trần Văn Nhà", "same"),
        ("phone", "0912 345 678", "same"),
    ],
)
def test_value_that_cannot_be_right_is_refused_at_once(neighbour, item, wanted, code):
    with raises_refusal(code) as refusal:
        ask(neighbour, item, wanted)

    assert str(refusal.value)
    assert not CorrectionRequest.objects.exists()


@on_sqlite_too
def test_asked_twice_the_first_stays_until_it_is_withdrawn(neighbour):
    first = ask(neighbour)
    with raises_refusal("asked_already") as refusal:
        ask(neighbour, wanted="Trần Văn Nhạ")
    assert "06/05/2014" in refusal.value.message
    assert list(CorrectionRequest.objects.all()) == [first]

    withdraw_correction(asked=first, person=neighbour, at=AT)
    ask(neighbour)

    first.refresh_from_db()
    assert (first.state, first.decided_at, first.decided_by) == ("withdrawn", AT, None)
    assert [action for action, _by in actions(neighbour)] == [ASKED, WITHDRAWN, ASKED]
    with raises_refusal("answered_already"):
        withdraw_correction(asked=first, person=neighbour, at=AT)
    assert ask(neighbour, CorrectionItem.OTHER, "Tôi không còn làm").state == "open"


@pytest.mark.parametrize(
    ("item", "wanted", "value"),
    [
        ("full_name", "Trần Văn Nhã", "Trần Văn Nhã"),
        ("phone", "0987.654.321", "+84987654321"),
        ("year_of_birth", "1980", 1980),
        ("email", "Nha@Example.vn", "nha@example.vn"),
        ("sex", "nu", "female"),
        ("sex", "male", "male"),
    ],
)
def test_applying_writes_the_value_as_the_register_holds_it(
    neighbour, coordinator, item, wanted, value
):
    asked = ask(neighbour, item, wanted)

    apply_correction(asked=asked, by=coordinator, at=AT)

    person = User.objects.get(pk=neighbour.pk)
    assert getattr(person, item) == value
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.decided_at) == ("done", coordinator, AT)
    assert actions(neighbour)[-1] == (APPLIED, coordinator)


@on_sqlite_too
def test_applying_a_name_refreshes_what_is_searched_and_sorted_by(neighbour, coordinator):
    apply_correction(asked=ask(neighbour, wanted="Đỗ Văn Ân"), by=coordinator, at=AT)

    assert list(User.objects.search("do van an")) == [neighbour]
    assert User.objects.get(pk=neighbour.pk).folded_name == "do van an"


@pytest.mark.parametrize("item", ["post", "other"])
def test_what_is_no_column_is_only_closed(neighbour, coordinator, item):
    asked = ask(neighbour, item, "Đã chuyển sang xã khác")

    apply_correction(asked=asked, by=coordinator, at=AT)

    asked.refresh_from_db()
    assert asked.state == CorrectionState.DONE
    assert not is_written_at_once(item=item)
    assert is_written_at_once(item="phone")


@on_sqlite_too
def test_number_of_another_person_is_refused_even_when_taken_at_the_same_moment(
    neighbour, coordinator, monkeypatch
):
    UserFactory(phone="+84987654321")
    asked = ask(neighbour, "phone", "0987654321")

    with raises_refusal("not_valid"):
        apply_correction(asked=asked, by=coordinator, at=AT)
    monkeypatch.setattr(User, "validate_unique", lambda self, exclude=None: None)
    with raises_refusal("taken") as refusal:
        apply_correction(asked=asked, by=coordinator, at=AT)

    assert isinstance(refusal.value.__cause__, IntegrityError)
    asked.refresh_from_db()
    neighbour.refresh_from_db()
    assert (asked.state, neighbour.phone) == ("open", "+84912345678")


def test_refusal_needs_a_reason_that_the_person_reads(neighbour, coordinator):
    asked = ask(neighbour)
    with raises_refusal("no_reason"):
        refuse_correction(asked=asked, by=coordinator, answer="  ", at=AT)

    refuse_correction(asked=asked, by=coordinator, answer="Giấy tờ ghi khác", at=AT)

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Giấy tờ ghi khác")
    assert actions(neighbour)[-1] == (REFUSED, coordinator)


@on_sqlite_too
def test_nothing_is_answered_twice(neighbour, coordinator):
    asked = ask(neighbour)
    apply_correction(asked=asked, by=coordinator, at=AT)

    assert [refused(answer) for answer in answers(asked, coordinator)] == ["answered_already"] * 2


def test_nobody_answers_people_of_another_district(stranger, coordinator):
    asked = ask(stranger)

    assert [refused(answer) for answer in answers(asked, coordinator)] == ["not_manageable"] * 2
    asked.refresh_from_db()
    assert asked.state == "open"


def test_requests_of_both_records_come_together_and_one_stays_open(neighbour, administrator):
    twin = PostingFactory(unit=unit("13384"), user__full_name="Trần Văn Nhà").user
    mine, theirs = ask(neighbour), ask(twin)
    other = ask(twin, CorrectionItem.OTHER, "Hai hồ sơ")

    merge(keep=neighbour, close=twin, by=administrator, at=timezone.now())

    states = dict(neighbour.correction_requests.values_list("pk", "state"))
    assert states == {mine.pk: "open", theirs.pk: "withdrawn", other.pk: "open"}
