from datetime import UTC, datetime, timedelta

import pytest
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.accounts.models import Invitation, User
from lms.accounts.signin.domain.invitations import (
    accept_invitation,
    digest,
    find_invitation,
    issue_invitations,
    people_of_unit,
    people_to_invite,
    reset_access,
)
from lms.core.codes import normalise_code
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db
on_sqlite_too = pytest.mark.sqlite("the constraints of each database")
NOW = datetime(2014, 5, 6, 3, 0, tzinfo=UTC)
KEPT_DIGEST = "00aa7f387e2e916f1da1a6055579786ec83b11b117528eb396eeb1bdd448b368"
EVERYBODY = User.objects.all


def refused(code, call, **arguments):
    with raises_refusal(code) as caught:
        call(**arguments)
    return str(caught.value)


def issue(people, by, at=NOW):
    return issue_invitations(people=people, by=by, at=at)


@shared
def card(coordinator, neighbour):
    (card,) = issue(User.objects.filter(pk=neighbour.pk), coordinator)
    return card


def test_cards_printed_so_far_stay_valid(settings):
    settings.SECRET_KEY = "as it was"

    assert digest(normalise_code("7k3m-hx42-pq9c")) == KEPT_DIGEST


def test_invitation_keeps_the_digest_and_who_issued_it_but_no_code(card, coordinator):
    stored = Invitation.objects.get()

    assert stored.digest == digest(card.code)
    assert card.code not in str(Invitation.objects.values().get())
    assert stored.issued_by == coordinator
    assert str(stored) == f"{card.person.pk}, 06/05/2014"


def test_cards_are_for_those_one_may_manage_alone(coordinator, neighbour, stranger):
    foreign = User.objects.filter(pk=stranger.pk)

    cards = issue(EVERYBODY(), coordinator)
    sentence = refused("nobody", issue_invitations, people=foreign, by=coordinator, at=NOW)

    assert [card.person for card in cards] == [neighbour]
    assert not stranger.invitations.exists()
    assert stranger.full_name not in sentence


def test_one_sheet_has_an_end(coordinator, monkeypatch):
    monkeypatch.setattr("lms.accounts.signin.domain.invitations.MOST_CARDS", 1)
    PostingFactory.create_batch(2, unit=unit("13384"))

    refused("too_many", issue_invitations, people=EVERYBODY(), by=coordinator, at=NOW)

    assert not Invitation.objects.exists()


def test_issue_is_told_in_the_history_of_each_person(coordinator):
    people = [PostingFactory(unit=unit("13384")).user for _number in range(2)]

    issue(EVERYBODY(), coordinator)

    for person in people:
        entry = ModelLogEntry.objects.for_instance(person).get()
        assert (entry.action, entry.user, entry.data) == (
            "accounts.invited",
            coordinator,
            {"cards": 2},
        )


def test_issue_costs_the_same_for_one_and_for_many(coordinator, django_assert_num_queries):
    for more in (1, 2):
        PostingFactory.create_batch(more, unit=unit("13384"))
        issue(EVERYBODY(), coordinator)
        # People, savepoint, lock, old codes, new codes, history, release.
        with django_assert_num_queries(7):
            issue(EVERYBODY(), coordinator, at=NOW + timedelta(days=1))


@on_sqlite_too
def test_code_holds_to_the_end_of_its_last_day(card, settings):
    last_moment = datetime(2014, 7, 5, 16, 59, 58, tzinfo=UTC)

    assert find_invitation(text=card.code, at=last_moment).user == card.person
    sentence = refused(
        "expired", find_invitation, text=card.code, at=last_moment + timedelta(seconds=1)
    )
    assert "05/07/2014" in sentence


def test_wrong_code_and_code_of_a_closed_account_are_refused(card):
    refused("wrong", find_invitation, text=card.code[:-1], at=NOW)
    refused("wrong", find_invitation, text="", at=NOW)
    User.objects.update(is_active=False)
    refused("closed", find_invitation, text=card.code, at=NOW)


@on_sqlite_too
def test_new_code_replaces_the_old(coordinator, card):
    (newer,) = issue(EVERYBODY(), coordinator, at=NOW + timedelta(days=2))

    sentence = refused("replaced", find_invitation, text=card.code, at=NOW + timedelta(days=3))
    assert "08/05/2014" in sentence
    assert find_invitation(text=newer.code, at=NOW + timedelta(days=3)).user == card.person


@on_sqlite_too
def test_code_sets_the_password_once(card):
    found = find_invitation(text=card.code, at=NOW)

    person = accept_invitation(invitation_id=found.pk, password="mua-xuan-ve", at=NOW)

    assert person == card.person
    assert person.check_password("mua-xuan-ve")
    refused("used", accept_invitation, invitation_id=found.pk, password="mua-he-toi", at=NOW)
    sentence = refused("used", find_invitation, text=card.code, at=NOW)
    assert "06/05/2014" in sentence
    person.refresh_from_db()
    assert person.check_password("mua-xuan-ve")
    assert (
        ModelLogEntry.objects.for_instance(person)
        .filter(action="accounts.invitation_used", user=person)
        .exists()
    )


def test_card_leaves_the_password_alone_and_a_reset_ends_it(coordinator, neighbour):
    neighbour.set_password("mua-xuan-ve")
    neighbour.save()
    issue(EVERYBODY(), coordinator)
    neighbour.refresh_from_db()
    assert neighbour.check_password("mua-xuan-ve")

    card = reset_access(person=neighbour, by=coordinator, at=NOW)

    neighbour.refresh_from_db()
    assert not neighbour.has_usable_password()
    assert find_invitation(text=card.code, at=NOW).user == neighbour


def test_reset_out_of_the_own_district_or_of_a_closed_account_changes_nothing(
    coordinator, neighbour, stranger
):
    stranger.set_password("mua-xuan-ve")
    stranger.save()
    neighbour.is_active = False

    refused("nobody", reset_access, person=stranger, by=coordinator, at=NOW)
    refused("closed", reset_access, person=neighbour, by=coordinator, at=NOW)

    stranger.refresh_from_db()
    assert stranger.check_password("mua-xuan-ve")


@on_sqlite_too
def test_newcomers_are_those_who_never_logged_in(coordinator, neighbour):
    before = PostingFactory(unit=unit("13384"), user__last_login=NOW).user
    PostingFactory(unit=unit("13384"), user__is_active=False)

    assert set(people_to_invite(by=coordinator, again=False)) == {neighbour}
    assert set(people_to_invite(by=coordinator, again=True)) == {neighbour, before}


@on_sqlite_too
def test_people_of_a_unit_work_there_or_below_on_the_day(edition, neighbour, stranger):
    PostingFactory(unit=unit("13384"), valid_to=NOW.date() - timedelta(days=1))

    assert set(people_of_unit(unit=unit("350"), on=NOW.date())) == {neighbour}


def test_coordinator_prints_no_card_for_a_colleague_and_an_administrator_resets_one(
    administrator, coordinator, make_official
):
    make_official(Role.COORDINATOR, "350")

    refused("nobody", issue_invitations, people=EVERYBODY(), by=coordinator, at=NOW)
    assert reset_access(person=coordinator, by=administrator, at=NOW).person == coordinator
