"""Consents: recorded once, withdrawn from a day on, with what hangs on them."""

from datetime import date

import pytest
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre, ConsentPurpose
from lms.accounts.models import Consent
from lms.accounts.register.domain.consent_withdrawal import withdraw_consent
from lms.accounts.register.domain.consents import (
    GivenConsent,
    consent_in_force,
    record_consent,
    require_consent,
)
from lms.accounts.register.domain.postings import post, transfer
from lms.core.refusal import Refusal
from tests.factories.accounts import ConsentFactory, MinimalFactory, PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("the constraints of each database")]
MARCH, APRIL, MAY = date(2014, 3, 1), date(2014, 4, 1), date(2014, 5, 1)
TAKING_PART, NAME = ConsentPurpose.TAKING_PART, ConsentPurpose.CERTIFICATE_NAME


@shared
def child(edition):
    return MinimalFactory(full_name="Bé Mẫu")


def given(person, day=MARCH, guardian="Phạm Thị Bà", **fields):
    consent = GivenConsent(day, guardian)
    return record_consent(person=person, purpose=TAKING_PART, given=consent, today=MAY, **fields)


def log_of(person):
    entries = ModelLogEntry.objects.for_instance(person).order_by("pk")
    return [(entry.action, entry.data["day"]) for entry in entries]


def test_consent_is_recorded_with_day_giver_and_paper(child):
    by = UserFactory()

    consent = given(child, kept_at=" tủ  xã ", by=by)

    assert (consent.giver, consent.guardian, consent.given_on) == ("guardian", "Phạm Thị Bà", MARCH)
    assert (consent.kept_at, consent.recorded_by, consent.withdrawn_on) == ("tủ xã", by, None)
    assert log_of(child) == [("accounts.consent_given", "2014-03-01")]
    assert str(consent) == f"{ConsentPurpose.TAKING_PART.label} (01/03/2014)"


def test_consent_in_person_names_no_guardian(child):
    assert given(child, guardian="").giver == "self"


def test_second_consent_is_refused_while_the_first_holds_but_to_something_else(child):
    assert given(child) == given(child)
    assert len(log_of(child)) == 1

    for day, code in ((date(2014, 5, 2), "in_future"), (APRIL, "in_force_already")):
        with raises_refusal(code):
            given(child, day=day)
    assert child.consents.count() == 1

    record_consent(person=child, purpose=NAME, given=GivenConsent(APRIL, "Bà"), today=MAY)
    assert set(child.consents.values_list("purpose", flat=True)) == {TAKING_PART, NAME}


def test_post_of_a_child_stands_on_its_consent_and_goes_on_under_it(child):
    consent = given(child)
    first = post(user=child, unit=unit("13384"), cadre=Cadre.CORE_CHILD, on=MARCH)

    second = transfer(user=child, from_unit=unit("13384"), to_unit=unit("13591"), on=APRIL)

    assert [first.consent, second.consent] == [consent, consent]


@pytest.mark.parametrize(
    ("cadre", "consent", "code"),
    [
        (Cadre.CORE_CHILD, None, "consent_missing"),
        (Cadre.PARENT_GROUP, None, "consent_missing"),
        (Cadre.CORE_CHILD, GivenConsent(MARCH), "guardian_missing"),
        (Cadre.PARENT_GROUP, GivenConsent(MARCH, "Bà"), "guardian_not_meant"),
        (Cadre.CORE_CHILD, GivenConsent(MAY, "Bà"), "consent_later"),
    ],
)
def test_post_without_the_right_consent_is_refused(cadre, consent, code):
    with raises_refusal(code):
        require_consent(cadre=cadre, given=consent, since=APRIL)


@pytest.mark.parametrize(
    ("cadre", "consent"),
    [
        (Cadre.COLLABORATOR, None),
        (Cadre.PARENT_GROUP, GivenConsent(APRIL)),
        (Cadre.CORE_CHILD, GivenConsent(APRIL, "Bà")),
    ],
)
def test_post_with_the_right_consent_is_let_through(cadre, consent):
    require_consent(cadre=cadre, given=consent, since=APRIL)


def test_child_is_not_posted_before_the_consent(child):
    given(child, day=APRIL)

    with pytest.raises(Refusal):
        post(user=child, unit=unit("13384"), cadre=Cadre.CORE_CHILD, on=MARCH)

    assert not child.postings.exists()


def test_withdrawal_ends_every_post_the_day_before_and_keeps_history(child):
    consent = given(child)
    for code in ("13384", "13591"):
        post(user=child, unit=unit(code), cadre=Cadre.CORE_CHILD, on=MARCH)
    by = UserFactory()

    done = withdraw_consent(consent=consent, on=APRIL, today=MAY, by=by)
    again = withdraw_consent(consent=consent, on=MAY, today=MAY)

    assert set(child.postings.values_list("valid_from", "valid_to")) == {(MARCH, date(2014, 3, 31))}
    assert child.postings.count() == 2
    assert (done.consent.withdrawn_on, done.consent.withdrawn_by) == (APRIL, by)
    assert "31/03/2014" in done.ended[0]
    assert log_of(child)[-1] == ("accounts.consent_withdrawn", "2014-04-01")
    # The first day counts.
    assert (again.consent.withdrawn_on, again.ended) == (APRIL, ())


def test_withdrawal_of_the_first_day_leaves_a_post_of_one_day_but_that_of_a_name(child):
    consent = given(child)
    post(user=child, unit=unit("13384"), cadre=Cadre.CORE_CHILD, on=MARCH)
    name = ConsentFactory(user=child, purpose=NAME)

    withdraw_consent(consent=name, on=APRIL, today=MAY)
    assert child.postings.get().valid_to is None
    assert consent_in_force(person=child).pk == consent.pk

    withdraw_consent(consent=consent, on=MARCH, today=MAY)
    assert child.postings.get().valid_to == MARCH


def test_post_that_was_over_stays_as_it_was(child):
    consent = given(child)
    PostingFactory(
        user=child,
        unit=unit("13384"),
        cadre=Cadre.CORE_CHILD,
        consent=consent,
        valid_from=MARCH,
        valid_to=date(2014, 3, 10),
    )

    assert withdraw_consent(consent=consent, on=APRIL, today=MAY).ended == ()
    assert child.postings.get().valid_to == date(2014, 3, 10)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2014, 2, 28), "too_early"), (date(2014, 5, 2), "in_future")]
)
def test_withdrawal_lies_between_the_consent_and_today(child, day, code):
    consent = given(child)

    with raises_refusal(code):
        withdraw_consent(consent=consent, on=day, today=MAY)


def test_consent_of_a_full_record_ends_no_post(edition):
    posting = PostingFactory(unit=unit("13384"))
    consent = ConsentFactory(user=posting.user, giver="self", guardian="")

    withdraw_consent(consent=consent, on=APRIL, today=MAY)

    posting.refresh_from_db()
    assert posting.valid_to is None


def test_after_a_withdrawal_no_post_begins_and_a_new_consent_begins_anew(child):
    withdraw_consent(consent=given(child), on=APRIL, today=MAY)
    assert consent_in_force(person=child) is None
    # Entered afterwards, with a day on which the consent still held: the post would go on.
    with raises_refusal("consent_missing"):
        post(user=child, unit=unit("13384"), cadre=Cadre.CORE_CHILD, on=date(2014, 3, 10))

    again = given(child, day=MAY)

    assert consent_in_force(person=child).pk == again.pk


def test_consents_are_seen_with_the_person(make_official, child):
    consent = given(child)
    post(user=child, unit=unit("13384"), cadre=Cadre.CORE_CHILD, on=MARCH)
    seen = {
        role: (
            Consent.objects.visible_to(official).filter(pk=consent.pk).exists(),
            Consent.objects.manageable_by(official).filter(pk=consent.pk).exists(),
        )
        for role, official in {
            "own": make_official("coordinator", "350"),
            "looks on": make_official("focal_point", "13384"),
            "elsewhere": make_official("coordinator", "353"),
        }.items()
    }

    assert seen == {"own": (True, True), "looks on": (True, False), "elsewhere": (False, False)}
