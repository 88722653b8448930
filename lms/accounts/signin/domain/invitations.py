"""Codes on printed invitations: issued for people one may manage, used once, never stored.

A code is long enough that guessing needs no limit: a limit on wrong codes would be a means to
keep a village out. Only its keyed digest is kept, so that a stolen database opens no account.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from lms.accounts.models import Invitation, Posting, User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.register.domain.minimal import require_account
from lms.core.audit_log import log_many
from lms.core.codes import new_code, normalise_code
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.geography.domain.areas import area_q
from lms.geography.models import AdministrativeUnit

if TYPE_CHECKING:
    from lms.accounts.models.managers import UserQuerySet

INVITED: Final = "accounts.invited"
ACCEPTED: Final = "accounts.invitation_used"
ACCESS_RESET: Final = "accounts.access_reset"

# What one sheet holds: the largest commune or class, and a PDF made within a second or two.
MOST_CARDS: Final = 300


@dataclass(frozen=True)
class Card:
    """What is printed for one person; the one place where the code stands in clear."""

    person: User
    code: str
    expires_at: datetime


def people_to_invite(*, by: User, again: bool) -> "UserQuerySet":
    """Return those whom `by` may invite: managed, with an open account;
    newcomers only unless `again`.

    Nobody logs in with the minimal record of a parent or a core child.
    """
    people: UserQuerySet = User.objects.manageable_by(by).filter(is_active=True, is_minimal=False)
    return people if again else people.filter(last_login=None)


def people_of_unit(*, unit: AdministrativeUnit, on: date) -> QuerySet[User]:
    """Return those with a post held on this day in the unit or below it."""
    posts = Posting.objects.on(on).filter(area_q(unit=unit, unit_field="unit"))
    return User.objects.filter(pk__in=posts.values("user"))


def issue_invitations(*, people: QuerySet[User], by: User, at: datetime) -> list[Card]:
    """Issue a new code for each of these people whom `by` may manage, in the order of names.

    A code issued before stops working; passwords and sessions are left alone. Writes the history
    of each person. Refuses when nobody is left, or more than fit on one sheet.
    """
    allowed = people_to_invite(by=by, again=True).filter(pk__in=people.values("pk"))
    chosen = list(allowed.in_name_order()[: MOST_CARDS + 1])
    _check_number(len(chosen))
    expires_at = _end_of_last_day(at)
    cards = [Card(person=person, code=new_code(), expires_at=expires_at) for person in chosen]
    with transaction.atomic():
        # Two who print for one person at once come one after the other.
        lock_people(pks=[person.pk for person in chosen])
        waiting = Invitation.objects.filter(user__in=chosen, used_at=None, replaced_at=None)
        waiting.update(replaced_at=at)
        Invitation.objects.bulk_create(
            Invitation(
                user=card.person,
                digest=digest(card.code),
                issued_by=by,
                issued_at=at,
                expires_at=expires_at,
            )
            for card in cards
        )
        log_many(objects=chosen, action=INVITED, by=by, data={"cards": len(cards)})
    return cards


def reset_access(*, person: User, by: User, at: datetime) -> Card:
    """Issue a new code for somebody who cannot get in: the password stops working,
    every session ends.

    Nobody but the person learns the next password. Writes the history. Refuses a closed account
    and a minimal record.
    """
    _check_open(person)
    with transaction.atomic():
        (card,) = issue_invitations(people=User.objects.filter(pk=person.pk), by=by, at=at)
        person.set_unusable_password()
        person.save(update_fields=["password"])
        log(instance=person, action=ACCESS_RESET, user=by)
    return card


def find_invitation(*, text: str, at: datetime) -> Invitation:
    """Find the invitation with this code, typed with or without dashes;
    refuse with the reason.
    """
    code = normalise_code(text)
    digests = [] if code is None else [digest(code)]
    found = Invitation.objects.filter(digest__in=digests).select_related("user").first()
    if found is None:
        raise Refusal(
            "wrong",
            _("This code is incorrect. Please compare it with the card, character by character."),
        )
    check_waiting(invitation=found, at=at)
    return found


def check_waiting(*, invitation: Invitation, at: datetime) -> None:
    """Refuse, in a sentence, a code that was used, replaced,
    has expired or whose account is closed.
    """
    if invitation.used_at:
        raise Refusal(
            "used",
            _(
                "This code was used on %(day)s and works only once. Log in with your own password, "
                "or ask the person in charge in your district for a new card."
            )
            % {"day": vi_date(invitation.used_at)},
        )
    if invitation.replaced_at:
        raise Refusal(
            "replaced",
            _("A newer card was issued on %(day)s. Please use the code on that card.")
            % {"day": vi_date(invitation.replaced_at)},
        )
    if invitation.expires_at <= at:
        raise Refusal(
            "expired",
            _(
                "This code was valid until %(day)s. Please ask the person in charge in your "
                "district for a new card."
            )
            % {"day": vi_date(invitation.expires_at)},
        )
    _check_open(invitation.user)


def accept_invitation(*, invitation_id: int, password: str, at: datetime) -> User:
    """Set the person's own password and use the code up; of two at once, one is refused.

    The old password stops working and its sessions end. Writes the history.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(no_key=True, of=("self",))
        invitation = rows.select_related("user").get(pk=invitation_id)
        check_waiting(invitation=invitation, at=at)
        invitation.used_at = at
        invitation.save(update_fields=["used_at"])
        person: User = invitation.user
        person.set_password(password)
        person.save(update_fields=["password"])
        log(instance=person, action=ACCEPTED, user=person)
    return person


def digest(code: str) -> str:
    """Return what is stored of a code; the key is SECRET_KEY,
    so that changing it voids every card.
    """
    return salted_hmac("accounts.invitation", code, algorithm="sha256").hexdigest()


def _end_of_last_day(at: datetime) -> datetime:
    """Return the end of the day that the card names: it holds until then,
    where its reader lives.
    """
    last = timezone.localtime(at + timedelta(days=settings.SUITE_INVITATION_DAYS))
    return last.replace(hour=23, minute=59, second=59, microsecond=0)


def _check_open(person: User) -> None:
    require_account(is_minimal=person.is_minimal)
    if not person.is_active:
        raise Refusal(
            "closed",
            _("This account is closed. Please ask the person in charge in your district."),
        )


def _check_number(number: int) -> None:
    if not number:
        raise Refusal("nobody", _("Nobody among these people needs a card."))
    if number > MOST_CARDS:
        raise Refusal(
            "too_many",
            ngettext(
                "One sheet holds at most %(most)s card. Please choose a smaller unit.",
                "One sheet holds at most %(most)s cards. Please choose a smaller unit.",
                MOST_CARDS,
            )
            % {"most": MOST_CARDS},
        )
