"""Consents withdrawn from a day on, with what hangs on them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent, Posting, User
from lms.accounts.register.domain.consents import require_past
from lms.accounts.register.domain.postings import PostingWrite, write_postings
from lms.accounts.signals import taking_part_withdrawn
from lms.core.display import vi_date
from lms.core.refusal import Refusal

CONSENT_WITHDRAWN = "accounts.consent_withdrawn"


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal ended, a sentence each."""

    consent: Consent
    ended: tuple[str, ...] = ()


def withdraw_consent(
    *, consent: Consent, on: date, today: date, by: User | None = None
) -> Withdrawal:
    """End the consent: from that day on it holds no more; a repeat changes nothing.
    Writes the log.

    A minimal record is kept by its consent to taking part: with it every post ends the day
    before (on its first day when that comes later), and the apps above end what hangs on it.
    History stays. Raises Refusal `in_future`, `too_early`.
    """
    require_past(given_on=on, today=today)
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=consent.user_id)
        locked = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        if locked.withdrawn_on is not None:
            return Withdrawal(locked)
        if on < locked.given_on:
            raise Refusal(
                "too_early",
                _("This consent was given on %(day)s; it cannot have been withdrawn before.")
                % {"day": vi_date(locked.given_on)},
            )
        locked.withdrawn_on, locked.withdrawn_by = on, by
        locked.save(update_fields=["withdrawn_on", "withdrawn_by"])
        data = {"purpose": locked.purpose, "day": on.isoformat()}
        log(instance=locked.user, action=CONSENT_WITHDRAWN, user=by, data=data)
        if not (person.is_minimal and locked.purpose == ConsentPurpose.TAKING_PART):
            return Withdrawal(locked)
        posts = _close_posts(person, on)
        told = taking_part_withdrawn.send(sender=Consent, person=person, on=on, by=by)
    return Withdrawal(locked, (*posts, *(sentence for _receiver, sentence in told if sentence)))


def _close_posts(person: User, on: date) -> list[str]:
    lasting = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), user=person)
    posts = list(lasting.select_for_update(no_key=True, of=("self",)).select_related("unit"))
    last_day = on - timedelta(days=1)
    write_postings(writes=[PostingWrite(ends=posting, last_day=last_day) for posting in posts])
    return [
        _("The post “%(post)s” ended on %(day)s.")
        % {"post": posting, "day": vi_date(posting.valid_to)}
        for posting in posts
    ]
