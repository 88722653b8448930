"""What points at a person here and in the packages that we stand on, and what becomes of it in a merge."""

from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext as _

from lms.accounts.enums import CorrectionState
from lms.accounts.extensions import (
    PeopleReference,
    PersonalRecords,
    Settlement,
    people_references,
    personal_records,
)
from lms.accounts.models import (
    Anonymisation,
    Consent,
    CorrectionRequest,
    DifferentPeople,
    Invitation,
    Merge,
    Posting,
    RoleAssignment,
    User,
)

_HISTORY = "Who did it is history, and history is not rewritten."
_SIGNS_IN = "It belongs to the account that was closed, and nobody signs in with that one."
_WAGTAIL_KEEPS = "It says who worked on a page or a file, under the name of that day."
# Columns of Django, Wagtail and allauth that stay with the closed account.
_STAYS = {
    "accounts.User_user_permissions.user": "Nobody has permissions of the own: roles give them.",
    "wagtailusers.UserProfile.user": "Language and look of an account that is closed.",
    "wagtailadmin.EditingSession.user": _SIGNS_IN,
    "wagtailadmin.FormState.user": _SIGNS_IN,
    "wagtailcore.APIToken.user": _SIGNS_IN,
    "wagtaildocs.Document.uploaded_by_user": _WAGTAIL_KEEPS,
    "wagtailimages.Image.uploaded_by_user": _WAGTAIL_KEEPS,
    "wagtailcore.ModelLogEntry.user": _HISTORY,
    "wagtailcore.PageLogEntry.user": _HISTORY,
    "wagtailcore.Revision.user": _WAGTAIL_KEEPS,
    "wagtailcore.UploadedFile.uploaded_by_user": _WAGTAIL_KEEPS,
    "wagtailcore.WorkflowState.requested_by": _HISTORY,
    "wagtailcore.TaskState.finished_by": _HISTORY,
    "wagtailcore.Page.locked_by": _SIGNS_IN,
    "wagtailcore.Page.owner": _WAGTAIL_KEEPS,
    "wagtailcore.Comment.user": _WAGTAIL_KEEPS,
    "wagtailcore.Comment.resolved_by": _WAGTAIL_KEEPS,
    "wagtailcore.CommentReply.user": _WAGTAIL_KEEPS,
    "wagtailcore.PageSubscription.user": _SIGNS_IN,
    "mfa.Authenticator.user": _SIGNS_IN,
}


# Columns of our own that stay with the closed account, or where they were written.
_OWN_STAYS: list[tuple[type[models.Model], str, str]] = [
    (Invitation, "user", "A printed card opens the account that it was printed for."),
    (Invitation, "issued_by", _HISTORY),
    (DifferentPeople, "first", "What was said about a record is said about that record."),
    (DifferentPeople, "second", "What was said about a record is said about that record."),
    (DifferentPeople, "by", _HISTORY),
    (Merge, "kept", "The merge itself."),
    (Merge, "closed", "The merge itself."),
    (Merge, "by", _HISTORY),
    (Anonymisation, "user", "It says that the record was made anonymous."),
    (CorrectionRequest, "decided_by", _HISTORY),
    (Consent, "recorded_by", _HISTORY),
    (Consent, "withdrawn_by", _HISTORY),
    (EmailAddress, "user", _SIGNS_IN),
]


def own_references() -> Iterator[PeopleReference]:
    """Those of accounts, in the order in which a merge walks them."""
    yield PeopleReference(
        model=Posting, field="user", follows=True, clash_key=_open_post, settle=_end_double
    )
    yield PeopleReference(
        model=RoleAssignment,
        field="user",
        follows=True,
        clash_key=lambda role: (role.role, role.unit_id),
        settle=one_is_enough,
    )
    groups = User.groups.through
    yield PeopleReference(
        model=groups,
        field="user",
        follows=True,
        clash_key=lambda row: row.group_id,
        settle=one_is_enough,
    )
    yield PeopleReference(
        model=CorrectionRequest,
        field="user",
        follows=True,
        clash_key=lambda asked: asked.item if asked.state == CorrectionState.OPEN else None,
        settle=_withdraw_double,
    )
    yield PeopleReference(
        model=Consent,
        field="user",
        follows=True,
        clash_key=lambda consent: consent.purpose if consent.withdrawn_on is None else None,
        settle=_keep_both_consents,
    )
    # Whoever was merged into the closed record goes on to the kept one.
    yield PeopleReference(model=User, field="merged_into", follows=True)
    for model, field, reason in _OWN_STAYS:
        yield PeopleReference(model=model, field=field, stays_because=reason)


def package_references() -> Iterator[PeopleReference]:
    """Those of the packages that are installed."""
    installed = {config.label for config in apps.get_app_configs()}
    for path, reason in _STAYS.items():
        label, _dot, field = path.rpartition(".")
        app, _dot, name = label.partition(".")
        if app in installed:
            model = apps.get_model(app, name)
            yield PeopleReference(model=model, field=field, stays_because=reason)


def own_records() -> Iterator[PersonalRecords]:
    """What accounts hold about a person besides the record itself."""
    yield PersonalRecords(Posting, "user", ("cadre", "unit", "valid_from", "valid_to"))
    yield PersonalRecords(RoleAssignment, "user", ("role", "unit"))
    yield PersonalRecords(Invitation, "user", ("issued_at", "expires_at", "used_at"))
    fields = ("item", "wanted", "reason", "state", "asked_at", "decided_at", "answer")
    yield PersonalRecords(CorrectionRequest, "user", fields)
    given = ("purpose", "giver", "guardian", "given_on", "kept_at", "recorded_at", "withdrawn_on")
    yield PersonalRecords(Consent, "user", given)


def register_own_references() -> None:
    """Called once, when the app is ready."""
    for records in own_records():
        personal_records.register(records)
    for reference in (*own_references(), *package_references()):
        people_references.register(reference)


def one_is_enough(_theirs: Any, _mine: Any, _today: date) -> Settlement:
    """Both have it: the row of the closed record says nothing new."""
    return Settlement(drop=True)


def _open_post(posting: Posting) -> Hashable | None:
    return (posting.unit_id, posting.cadre) if posting.valid_to is None else None


def _end_double(theirs: Posting, _mine: Posting, today: date) -> Settlement:
    """The same post twice: both stay on file, and one of them goes on."""
    last_day = max(today, theirs.valid_from)
    note = _("Both hold the post “%(post)s”: one of the two entries ends today.")
    return Settlement(moves=True, theirs={"valid_to": last_day}, note=note % {"post": theirs})


def _withdraw_double(
    _theirs: CorrectionRequest, _mine: CorrectionRequest, _today: date
) -> Settlement:
    """Both ask for the same to be corrected: the kept record's request is the one to answer."""
    closed = {"state": CorrectionState.WITHDRAWN.value, "decided_at": now()}
    return Settlement(moves=True, theirs=closed)


def _keep_both_consents(_theirs: Consent, mine: Consent, _today: date) -> Settlement:
    """One that holds is enough: the other was given too, and stays where it was written down."""
    note = _("Both have consented to “%(what)s”: the closed record keeps its own entry.")
    return Settlement(note=note % {"what": mine.get_purpose_display()})
