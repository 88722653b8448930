"""Parents and core children: the least that is kept, and what is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.accounts.enums import Cadre, ConsentPurpose, Role
from lms.accounts.merging.domain.duplicates import suspected_duplicates
from lms.accounts.merging.domain.merge import merge
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.login_lookup import find_login
from lms.accounts.register.domain.minimal import name_or_code, refused_details, require_same_kind
from lms.accounts.register.domain.postings import post, transfer
from lms.accounts.register.domain.roles import assign_role
from lms.accounts.signin.domain.invitations import (
    accept_invitation,
    find_invitation,
    issue_invitations,
    people_to_invite,
    reset_access,
)
from lms.accounts.signin.domain.login_codes import send_login_code
from lms.core.refusal import Refusal
from tests.factories.accounts import (
    ConsentFactory,
    PostingFactory,
    UserFactory,
)
from tests.factories.geography import unit
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("generated columns and keys of two columns"),
]
MARCH, APRIL = date(2014, 3, 1), date(2014, 4, 1)
QUE, DUC_LY = "13384", "13591"


@shared
def child(edition):
    """A core child posted in Quế, called by the code."""
    posting = PostingFactory(
        unit=unit(QUE),
        cadre=Cadre.CORE_CHILD,
        user__staff_code="TE-01",
        user__full_name="TE-01",
        user__year_of_birth=2002,
    )
    return posting.user


@pytest.mark.parametrize(
    "detail",
    [
        {"phone": "+84912345678"},
        {"phone_raw": "0351 123 456"},
        {"email": "be@example.vn"},
        {"sex": "female"},
        {"password": "pbkdf2_sha256$1$x$y"},
        {"last_login": timezone.now()},
        {"is_staff": True},
        {"is_superuser": True},
    ],
    ids=lambda detail: next(iter(detail)),
)
def test_database_keeps_no_more_than_the_least(child, detail):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=child.pk).update(**detail)


def test_open_post_without_consent_and_consent_to_another_are_refused_by_the_database(child):
    grown = PostingFactory(unit=unit(QUE)).user
    for person, consent in ((child, None), (grown, child.consents.get())):
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.filter(user=person).update(consent=consent)


@pytest.mark.parametrize("cadre", [Cadre.CORE_CHILD, Cadre.PARENT_GROUP])
def test_full_record_takes_no_post_of_parents_or_children_nor_a_minimal_one_another(child, cadre):
    person = UserFactory()

    with raises_refusal("full_record"):
        post(user=person, unit=unit(QUE), cadre=cadre, on=MARCH)
    with raises_refusal("minimal_record"):
        post(user=child, unit=unit(QUE), cadre=Cadre.COLLABORATOR, on=MARCH)

    assert not person.postings.exists()
    # Kinds that agree are let through.
    require_same_kind(is_minimal=True, cadre=cadre)
    require_same_kind(is_minimal=False, cadre=Cadre.COLLABORATOR)


def test_transfer_does_not_change_the_kind_either(child):
    grown = PostingFactory(unit=unit(QUE)).user
    for person, cadre in ((child, Cadre.COLLABORATOR), (grown, Cadre.PARENT_GROUP)):
        with pytest.raises(Refusal):
            transfer(user=person, from_unit=unit(QUE), to_unit=unit(DUC_LY), cadre=cadre, on=APRIL)
        assert person.postings.get().valid_to is None


def test_each_detail_that_is_not_kept_is_refused_by_name():
    told = {"phone": "0912", "email": "", "sex": "female", "full_name": "Bé"}

    refused = refused_details(told=told)

    assert refused.keys() == {"phone", "sex"}
    assert all("“" in sentence for sentence in refused.values())


@pytest.mark.parametrize(
    ("name", "cadre", "called"),
    [
        ("", Cadre.CORE_CHILD, "TE-01"),
        ("Bé An", Cadre.CORE_CHILD, "Bé An"),
        ("", Cadre.PARENT_GROUP, ""),
        ("", "", ""),
    ],
)
def test_core_child_without_a_name_is_called_by_the_code(name, cadre, called):
    assert name_or_code(full_name=name, staff_code="TE-01", cadre=cadre) == called


def test_nobody_logs_in_with_it_and_it_holds_no_role(child, administrator):
    grown = PostingFactory(unit=unit(QUE)).user
    everybody = User.objects.filter(pk__in=(child.pk, grown.pk))

    cards = issue_invitations(people=everybody, by=administrator, at=timezone.now())

    assert [card.person for card in cards] == [grown]
    assert child not in people_to_invite(by=administrator, again=True)
    assert not child.invitations.exists()
    assert find_login(text="TE-01") is None
    assert not send_login_code(user_id=child.pk, code="123456", by_mail=False)
    with raises_refusal("minimal_record"):
        reset_access(person=child, by=administrator, at=timezone.now())
    with raises_refusal("minimal_record"):
        assign_role(user=child, role=Role.COORDINATOR, unit=unit("350"))
    assert not child.role_assignments.exists()


def test_card_printed_before_lets_nobody_in(administrator, edition):
    person = PostingFactory(unit=unit(QUE)).user
    (card,) = issue_invitations(
        people=User.objects.filter(pk=person.pk), by=administrator, at=timezone.now()
    )
    invitation = find_invitation(text=card.code, at=timezone.now())
    person.postings.all().delete()
    User.objects.filter(pk=person.pk).update(is_minimal=True, password="!")

    with pytest.raises(Refusal):
        accept_invitation(invitation_id=invitation.pk, password="bi-mat-9", at=timezone.now())


def test_it_is_never_made_one_with_a_full_record(child, administrator):
    grown = PostingFactory(unit=unit(QUE)).user
    for kept, closed in ((child, grown), (grown, child)):
        with raises_refusal("kinds_differ"):
            merge(keep=kept, close=closed, by=administrator, at=timezone.now())
    assert User.objects.filter(merged_into=None).count() == 3


def test_parent_and_collaborator_of_one_name_are_no_twins(administrator):
    same = {"user__full_name": "Trần Thị Mẫu", "user__year_of_birth": 1980, "unit": unit(QUE)}
    PostingFactory(cadre=Cadre.PARENT_GROUP, consent__giver="self", consent__guardian="", **same)
    PostingFactory(**same)

    assert suspected_duplicates(reader=administrator, on=MARCH) == []


def test_two_minimal_records_of_one_child_are_made_one(child, administrator):
    again = PostingFactory(
        unit=unit(QUE), cadre=Cadre.CORE_CHILD, user__full_name="TE-01", user__year_of_birth=2002
    ).user
    earlier = ConsentFactory(user=again, purpose="certificate_name", given_on=MARCH)

    done = merge(keep=child, close=again, by=administrator, at=timezone.now())

    assert (child.postings.count(), list(again.consents.values_list("purpose", flat=True))) == (
        2,
        ["taking_part"],
    )
    earlier.refresh_from_db()
    assert earlier.user == child
    assert str(ConsentPurpose.TAKING_PART.label) in " ".join(done.left)
