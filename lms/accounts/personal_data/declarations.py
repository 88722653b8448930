"""What accounts hold about people. The periods are defaults of a product, not law."""

from collections.abc import Hashable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import CorrectionState, RetentionAction
from lms.accounts.extensions import (
    NO_LONGER_KEPT,
    REMOVED,
    Exempted,
    Follow,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
    Settlement,
    one_is_enough,
)
from lms.accounts.models import (
    Anonymisation,
    Consent,
    CorrectionRequest,
    DismissedDuplicate,
    Invitation,
    Merge,
    Posting,
    PurgeRun,
    RoleAssignment,
    StaffCodeSeries,
    User,
)
from lms.accounts.models.merging import UNDO_DAYS
from lms.accounts.personal_data.domain.anonymise import (
    anonymise,
    people_still_needed,
    people_who_left,
)

_YEAR = 365
_HISTORY = "Who did it is history, and history is not rewritten."
_SAID_ABOUT = "What was said about a record is said about that record."
_THE_MERGE = "The merge itself."


def _open_post(posting: Posting) -> Hashable | None:
    return (posting.unit_id, posting.cadre) if posting.valid_to is None else None


def _end_double(theirs: Posting, _mine: Posting, today: date) -> Settlement:
    """Settle the same post held twice: both stay on file, and one of them goes on."""
    last_day = max(today, theirs.valid_from)
    note = _("Both hold the post “%(post)s”: one of the two entries ends today.")
    return Settlement(moves=True, theirs={"valid_to": last_day}, note=note % {"post": theirs})


def _dead_invitations(before: datetime) -> QuerySet[Invitation]:
    ended = Q(used_at__lt=before) | Q(replaced_at__lt=before) | Q(expires_at__lt=before)
    return Invitation.objects.filter(ended)


def _withdraw_double(
    _theirs: CorrectionRequest, _mine: CorrectionRequest, _today: date
) -> Settlement:
    """Settle two requests for the same correction:
    the kept record's request is the one to answer.
    """
    closed = {"state": CorrectionState.WITHDRAWN.value, "decided_at": now()}
    return Settlement(moves=True, theirs=closed)


def _open_requests(before: datetime) -> Exempted:
    waiting = CorrectionRequest.objects.filter(state=CorrectionState.OPEN, asked_at__lt=before)
    yield waiting.count(), _("still wait for an answer")


def _keep_both_consents(_theirs: Consent, mine: Consent, _today: date) -> Settlement:
    """Keep both, though one that holds is enough: the other was given too,
    and stays where it was written down.
    """
    note = _("Both have consented to “%(what)s”: the closed record keeps its own entry.")
    return Settlement(note=note % {"what": mine.get_purpose_display()})


def _merges(before: datetime) -> QuerySet[Merge]:
    # Whatever the settings say: what the undo needs stays as long as it is open.
    rows = Merge.objects.filter(merged_at__lt=min(before, now() - UNDO_DAYS))
    return rows.exclude(moves=[], left=[])


def _old_phones(before: datetime) -> QuerySet[User]:
    return User.objects.filter(date_joined__lt=before).exclude(phone_raw="")


def _only_old_phones(before: datetime) -> Exempted:
    alone = _old_phones(before).filter(phone=None)
    yield alone.count(), _("have no current number")


_INVITATIONS = RetentionRule(
    key="invitations",
    label=_("Printed invitations that were used, replaced or have expired"),
    counted_from=_("that day"),
    reason=_("During this time an old card can still say why it does not work."),
    action=RetentionAction.DELETED,
    days=_YEAR,
    due=_dead_invitations,
)
_CORRECTIONS = RetentionRule(
    key="corrections",
    label=_("Correction requests that are closed"),
    counted_from=_("the day of the answer"),
    reason=_("During this time the person can read the answer and ask about it."),
    action=RetentionAction.DELETED,
    days=2 * _YEAR,
    due=lambda before: CorrectionRequest.objects.filter(decided_at__lt=before),
    exempted=_open_requests,
)
_MERGES = RetentionRule(
    key="merges",
    label=_("Old values that a merge of two records keeps for its undo"),
    counted_from=_("the day of the merge"),
    reason=_("A merge can be undone for 30 days; after that nobody needs these values."),
    action=RetentionAction.ANONYMOUS,
    days=60,
    due=_merges,
    purge=lambda rows, _at: rows.update(moves=[], left=[]),
)
_OLD_PHONES = RetentionRule(
    key="old_phones",
    label=_("Phone numbers as given in old lists"),
    counted_from=_("the day the person was added to the register"),
    reason=_("They help to find people until a current number is known."),
    action=RetentionAction.ANONYMOUS,
    days=_YEAR,
    due=lambda before: _old_phones(before).exclude(phone=None),
    purge=lambda rows, _at: rows.update(phone_raw=""),
    exempted=_only_old_phones,
)
_PEOPLE_LEFT = RetentionRule(
    key="people_left",
    label=_("People who have left every post"),
    counted_from=_("the last day of the last post"),
    reason=_(
        "Name and staff code are replaced by a code; phone, e-mail, year of birth and "
        "history are deleted. Posts, classes and results stay, so that no report figure "
        "changes."
    ),
    action=RetentionAction.ANONYMOUS,
    days=5 * _YEAR,
    due=people_who_left,
    purge=lambda rows, at: anonymise(people=rows, at=at),
    exempted=people_still_needed,
)
_CONSENTS = RetentionRule(
    key="consents",
    label=_("Consents of parents and core children"),
    reason=_(
        "They are the basis for keeping the record. The guardian's name is deleted when the "
        "person is anonymised."
    ),
    action=RetentionAction.KEPT,
    due=lambda _before: Consent.objects.all(),
)

PERSONAL_DATA = (
    PersonalData(
        Posting,
        subject="user",
        shown=("cadre", "unit", "valid_from", "valid_to"),
        on_merge={"user": Follow(clash_key=_open_post, settle=_end_double)},
    ),
    PersonalData(
        RoleAssignment,
        subject="user",
        shown=("role", "unit"),
        on_merge={
            "user": Follow(clash_key=lambda role: (role.role, role.unit_id), settle=one_is_enough),
        },
    ),
    PersonalData(
        User.groups.through,
        on_merge={"user": Follow(clash_key=lambda row: row.group_id, settle=one_is_enough)},
    ),
    PersonalData(
        User.user_permissions.through,
        on_merge={"user": "Nobody has permissions of the own: roles give them."},
    ),
    PersonalData(
        Invitation,
        subject="user",
        shown=("issued_at", "expires_at", "used_at"),
        ends_with_person=True,
        on_merge={
            "user": "A printed card opens the account that it was printed for.",
            "issued_by": _HISTORY,
        },
        keep=[_INVITATIONS],
        copy=REMOVED,
    ),
    PersonalData(
        CorrectionRequest,
        subject="user",
        shown=("item", "wanted", "reason", "state", "asked_at", "decided_at", "answer"),
        ends_with_person=True,
        on_merge={
            "user": Follow(
                clash_key=lambda asked: asked.item if asked.state == CorrectionState.OPEN else None,
                settle=_withdraw_double,
            ),
            "decided_by": _HISTORY,
        },
        keep=[_CORRECTIONS],
        copy=REMOVED,
    ),
    PersonalData(
        Merge,
        on_merge={"kept": _THE_MERGE, "closed": _THE_MERGE, "by": _HISTORY},
        keep=[_MERGES],
        copy=REMOVED,
    ),
    PersonalData(
        DismissedDuplicate,
        on_merge={"first": _SAID_ABOUT, "second": _SAID_ABOUT, "by": _HISTORY},
    ),
    PersonalData(
        User,
        # Whoever was merged into the closed record goes on to the kept one.
        on_merge={"merged_into": Follow()},
        keep=[_OLD_PHONES, _PEOPLE_LEFT],
        # All of a person fits together: names, codes and contact are written at once.
        copy=PseudonymisationRule(
            emptied=("phone_raw",),
            kept=("password", "staff_code", "full_name", "phone", "email"),
            why="Replaced before all others.",
        ),
    ),
    PersonalData(
        Consent,
        subject="user",
        shown=(
            "purpose",
            "giver",
            "guardian",
            "given_on",
            "kept_at",
            "recorded_at",
            "withdrawn_on",
        ),
        on_merge={
            "user": Follow(
                clash_key=lambda given: given.purpose if given.withdrawn_on is None else None,
                settle=_keep_both_consents,
            ),
            "recorded_by": _HISTORY,
            "withdrawn_by": _HISTORY,
        },
        keep=[_CONSENTS],
        copy=PseudonymisationRule(
            emptied=("kept_at",),
            replaced={"guardian": lambda consent: consent.guardian and NO_LONGER_KEPT},
        ),
    ),
    PersonalData(Anonymisation, on_merge={"user": "It says that the record was made anonymous."}),
    PersonalData(PurgeRun, copy=PseudonymisationRule(kept=("counts",), why="Figures.")),
    PersonalData(
        StaffCodeSeries,
        copy=PseudonymisationRule(kept=("unit_code",), why="The official list of places."),
    ),
)
