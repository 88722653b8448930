"""What becomes, in a pseudonymised copy, of the tables of accounts and of all that lies below."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from lms.accounts.extensions import ALL, CopyRule
from lms.accounts.models import (
    Consent,
    CorrectionRequest,
    Invitation,
    Merge,
    PurgeRun,
    StaffCodeSeries,
    User,
)
from lms.accounts.personal_data.domain.pseudonyms import NO_LONGER_KEPT

_MACHINERY = "Keys, numbers and names of things."
_CONTENT = "What is taught: it is public to all who learn."
_PLACES = "The official list of places."
_REMOVED = (
    "sessions.Session",
    "account.EmailConfirmation",
    "account.EmailAddress",
    "mfa.Authenticator",
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailusers.UserProfile",
    "wagtailcore.APIToken",
    "wagtailcore.CommentReply",
    "wagtailcore.Comment",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.PageLogEntry",
    "wagtailcore.UploadedFile",
)
_KEPT = {
    _MACHINERY: (
        "auth.Group",
        "auth.Permission",
        "contenttypes.ContentType",
        "core.Heartbeat",
        "taggit.Tag",
        "wagtailcore.Collection",
        "wagtailcore.Locale",
        "wagtailcore.ReferenceIndex",
        "wagtailcore.Site",
        "wagtailcore.Task",
        "wagtailcore.Workflow",
        "wagtailcore.WorkflowState",
    ),
    _CONTENT: (
        "wagtailcore.Page",
        "wagtaildocs.Document",
        "wagtailembeds.Embed",
        "wagtailimages.Image",
        "wagtailimages.Rendition",
        # People are not in the search of pages.
        "wagtailsearch.IndexEntry",
        "wagtailsearch.SQLiteFTSIndexEntry",
    ),
}


def copies_in_accounts() -> Iterator[CopyRule]:
    # Names, codes and contact are the business of `domain.copying`: all of a person fits together.
    people = ("password", "staff_code", "full_name", "phone", "email")
    yield CopyRule(User, emptied=("phone_raw",), kept=people, why="Replaced before all others.")
    for model in (CorrectionRequest, Invitation, Merge):
        yield CopyRule(model, removed=True)
    yield CopyRule(
        Consent,
        emptied=("kept_at",),
        replaced={"guardian": lambda consent: consent.guardian and NO_LONGER_KEPT},
    )
    yield CopyRule(StaffCodeSeries, kept=("unit_code",), why=_PLACES)
    yield CopyRule(PurgeRun, kept=("counts",), why="Figures.")
    for place in apps.get_app_config("geography").get_models():
        yield CopyRule(place, kept=ALL, why=_PLACES)
    yield from _of_the_packages()


def _of_the_packages() -> Iterator[CopyRule]:
    for label in _REMOVED:
        yield CopyRule(_model(label), removed=True)
    for why, labels in _KEPT.items():
        for label in labels:
            if _is_there(label):
                yield CopyRule(_model(label), kept=ALL, why=why)
    for label in ("wagtailcore.PageViewRestriction", "wagtailcore.CollectionViewRestriction"):
        yield CopyRule(_model(label), emptied=("password",))
    yield CopyRule(_model("wagtailcore.TaskState"), emptied=("comment",))
    yield CopyRule(
        _model("wagtailcore.Revision"),
        replaced={"content": _without_comments},
        kept=("object_id", "object_str"),
        why=_CONTENT,
    )


def _without_comments(revision: Any) -> dict[str, Any]:
    return {name: part for name, part in revision.content.items() if "comments" not in name}


def _model(label: str) -> Any:
    return apps.get_model(label)


def _is_there(label: str) -> bool:
    """The tables of the search differ from one database to another."""
    app, _dot, name = label.partition(".")
    return name.lower() in apps.get_app_config(app).models
