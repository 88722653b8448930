"""Consents: recorded with day and giver, asked for by posts, never rewritten."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.enums import Cadre, ConsentGiver, ConsentPurpose
from lms.accounts.models import Consent, User
from lms.accounts.register.domain.minimal import is_minimal_cadre
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.text import nfc

CONSENT_GIVEN = "accounts.consent_given"


@dataclass(frozen=True)
class GivenConsent:
    """What is known of a consent; `pk` None while it is not recorded."""

    given_on: date
    guardian: str = ""
    pk: int | None = None

    @property
    def giver(self) -> ConsentGiver:
        return ConsentGiver.GUARDIAN if self.guardian else ConsentGiver.SELF


def record_consent(
    *,
    person: User,
    purpose: ConsentPurpose,
    given: GivenConsent,
    today: date,
    by: User | None = None,
    kept_at: str = "",
) -> Consent:
    """Write a consent down; a repeat returns the first one. Writes the log.

    Raises Refusal `in_future`, and `in_force_already` while another one holds.
    """
    require_past(given_on=given.given_on, today=today)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        held = Consent.objects.in_force(purpose).filter(user=person).first()
        if held is not None:
            if (held.given_on, held.guardian) == (given.given_on, nfc(given.guardian)):
                return held
            raise Refusal(
                "in_force_already",
                _("A consent to this, given on %(day)s, is in force: it must be withdrawn first.")
                % {"day": vi_date(held.given_on)},
                field="purpose",
            )
        consent = Consent.objects.create(
            user=person,
            purpose=purpose,
            giver=given.giver,
            guardian=nfc(given.guardian),
            given_on=given.given_on,
            kept_at=nfc(kept_at),
            recorded_by=by,
        )
        data = {"purpose": consent.purpose, "day": given.given_on.isoformat()}
        log(instance=consent.user, action=CONSENT_GIVEN, user=by, data=data)
    return consent


def consent_in_force(*, person: User) -> GivenConsent | None:
    """Return the consent to taking part that was not withdrawn:
    what a post without an end can stand on.
    """
    held = Consent.objects.in_force(ConsentPurpose.TAKING_PART).filter(user=person).first()
    return GivenConsent(held.given_on, held.guardian, held.pk) if held else None


def require_consent(*, cadre: str, given: GivenConsent | None, since: date) -> None:
    """Require a consent for a post of a parent or core child; that of a child is a guardian's.

    Raises Refusal `consent_missing`, `guardian_missing`, `guardian_not_meant`,
    `consent_later`. Other cadres need none.
    """
    if not is_minimal_cadre(cadre):
        return
    if given is None:
        raise Refusal(
            "consent_missing",
            _("Parent group members and core children need a consent with its date."),
        )
    if cadre == Cadre.CORE_CHILD and not given.guardian:
        raise Refusal(
            "guardian_missing",
            _("For a core child a guardian consents: the name is missing."),
            field="guardian",
        )
    if cadre == Cadre.PARENT_GROUP and given.guardian:
        raise Refusal(
            "guardian_not_meant",
            _("A parent group member consents in person: please leave “Guardian” empty."),
            field="guardian",
        )
    if given.given_on > since:
        raise Refusal(
            "consent_later",
            _("The consent was given on %(day)s: the post can begin on that day at the earliest.")
            % {"day": vi_date(given.given_on)},
            field="since",
        )


def require_past(*, given_on: date, today: date) -> None:
    """Raise Refusal `in_future` for a day to come."""
    if given_on > today:
        raise Refusal("in_future", _("This date is in the future."), field="given_on")
