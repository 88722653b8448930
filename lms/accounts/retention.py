"""How long accounts keep what, and why. The periods are defaults of a product, not law."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, PageLogEntry

from lms.accounts.enums import CorrectionState, RetentionAction
from lms.accounts.extensions import RetentionRule, Spared
from lms.accounts.models import Consent, CorrectionRequest, Invitation, Merge, Posting, User
from lms.accounts.models.merging import UNDO_DAYS
from lms.accounts.personal_data.domain.anonymise import anonymise

_YEAR = 365


def retention_in_accounts() -> Iterator[RetentionRule]:
    yield from _of_signing_in()
    yield from _of_the_record()
    yield from _of_people()
    yield from _of_the_log()


def _of_signing_in() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="sessions",
        what=_("Browser sessions, with codes sent for one log-in"),
        since=_("the day the session expired"),
        reason=_("Nobody can use them any more."),
        action=RetentionAction.DELETED,
        days=0,
        due=lambda before: Session.objects.filter(expire_date__lt=before),
    )
    yield RetentionRule(
        key="invitations",
        what=_("Printed invitations that were used, replaced or have expired"),
        since=_("that day"),
        reason=_("During this time an old card can still say why it does not work."),
        action=RetentionAction.DELETED,
        days=_YEAR,
        due=_dead_invitations,
    )


def _of_the_record() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="corrections",
        what=_("Correction requests that are closed"),
        since=_("the day of the answer"),
        reason=_("During this time the person can read the answer and ask about it."),
        action=RetentionAction.DELETED,
        days=2 * _YEAR,
        due=lambda before: CorrectionRequest.objects.filter(decided_at__lt=before),
        spared=_open_requests,
    )
    yield RetentionRule(
        key="old_phones",
        what=_("Phone numbers as given in old lists"),
        since=_("the day the person was added to the register"),
        reason=_("They help to find people until a current number is known."),
        action=RetentionAction.ANONYMOUS,
        days=_YEAR,
        due=lambda before: _old_phones(before).exclude(phone=None),
        purge=lambda rows, _at: rows.update(phone_raw=""),
        spared=_only_old_phones,
    )
    yield RetentionRule(
        key="merges",
        what=_("Old values that a merge of two records keeps for its undo"),
        since=_("the day of the merge"),
        reason=_("A merge can be undone for 30 days; after that nobody needs these values."),
        action=RetentionAction.ANONYMOUS,
        days=60,
        due=_merges,
        purge=lambda rows, _at: rows.update(moves=[], left=[]),
    )


def _of_people() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="people_left",
        what=_("People who have left every post"),
        since=_("the last day of the last post"),
        reason=_(
            "Name and staff code are replaced by a code; phone, e-mail, year of birth and "
            "history are deleted. Posts, classes and results stay, so that no report figure "
            "changes."
        ),
        action=RetentionAction.ANONYMOUS,
        days=5 * _YEAR,
        due=people_who_left,
        purge=lambda rows, at: anonymise(people=rows, at=at),
        spared=_still_needed,
    )
    yield RetentionRule(
        key="consents",
        what=_("Consents of parents and core children"),
        reason=_(
            "They are the basis for keeping the record. The guardian's name is deleted when the "
            "person is anonymised."
        ),
        action=RetentionAction.KEPT,
        due=lambda _before: Consent.objects.all(),
    )


def _of_the_log() -> Iterator[RetentionRule]:
    reason = _("During this time it can be found out who did what.")
    logs: tuple[tuple[str, Any, Any], ...] = (
        ("log", ModelLogEntry, _("History of people, lists and rights")),
        ("page_log", PageLogEntry, _("History of pages")),
    )
    for key, model, what in logs:
        yield RetentionRule(
            key=key,
            what=what,
            since=_("the day of the entry"),
            reason=reason,
            action=RetentionAction.DELETED,
            days=5 * _YEAR,
            due=_entries(model),
        )


def people_who_left(before: datetime) -> QuerySet[User]:
    """Those whose last post ended before that day, who hold no role and have not been here since.

    With the records that were merged into theirs. Whoever never had a post has no such day.
    """
    left = _without_post(before).filter(role_assignments=None, is_superuser=False)
    gone = left.exclude(last_login__gte=before)
    merged = Q(merged_into__in=gone.values("pk")) | Q(merged_into__anonymisation__isnull=False)
    people = User.objects.filter(anonymisation=None)
    return people.filter(Q(pk__in=gone.values("pk")) | merged)


def _without_post(before: datetime) -> QuerySet[User]:
    mine = Posting.objects.filter(user=OuterRef("pk"))
    later = mine.filter(Q(valid_to=None) | Q(valid_to__gte=localdate(before)))
    people = User.objects.filter(anonymisation=None, merged_into=None)
    return people.filter(Exists(mine), ~Exists(later))


def _still_needed(before: datetime) -> Spared:
    # One query: whoever holds a role is not counted again for a log-in.
    left = _without_post(before).annotate(roles=Count("role_assignments"))
    keeping = Q(roles__gt=0) | Q(is_superuser=True)
    counts = left.aggregate(
        keeping=Count("pk", filter=keeping),
        seen=Count("pk", filter=~keeping & Q(last_login__gte=before)),
    )
    yield counts["keeping"], _("hold a role")
    yield counts["seen"], _("have logged in since")


def _dead_invitations(before: datetime) -> QuerySet[Invitation]:
    ended = Q(used_at__lt=before) | Q(replaced_at__lt=before) | Q(expires_at__lt=before)
    return Invitation.objects.filter(ended)


def _open_requests(before: datetime) -> Spared:
    waiting = CorrectionRequest.objects.filter(state=CorrectionState.OPEN, asked_at__lt=before)
    yield waiting.count(), _("still wait for an answer")


def _old_phones(before: datetime) -> QuerySet[User]:
    return User.objects.filter(date_joined__lt=before).exclude(phone_raw="")


def _only_old_phones(before: datetime) -> Spared:
    alone = _old_phones(before).filter(phone=None)
    yield alone.count(), _("have no current number")


def _merges(before: datetime) -> QuerySet[Merge]:
    # Whatever the settings say: what the undo needs stays as long as it is open.
    rows = Merge.objects.filter(merged_at__lt=min(before, now() - UNDO_DAYS))
    return rows.exclude(moves=[], left=[])


def _entries(model: Any) -> Any:
    return lambda before: model.objects.filter(timestamp__lt=before)
