"""What geography, core and the packages that the suite stands on hold about people.

None of them can say it: they lie below accounts.
"""

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    ALL,
    REMOVED,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
)

_HISTORY = "Who did it is history, and history is not rewritten."
_SIGNS_IN = "It belongs to the account that was closed, and nobody signs in with that one."
_WAGTAIL_KEEPS = "It says who worked on a page or a file, under the name of that day."

_NO_TEXT = PseudonymisationRule()
_MACHINERY = PseudonymisationRule(kept=ALL, why="Keys, numbers and names of things.")
_CONTENT = PseudonymisationRule(kept=ALL, why="What is taught: it is public to all who learn.")
_PLACES = PseudonymisationRule(kept=ALL, why="The official list of places.")
_PASSWORD = PseudonymisationRule(emptied=("password",))


def _without_comments(revision: Any) -> dict[str, Any]:
    return {name: part for name, part in revision.content.items() if "comments" not in name}


def _log_rule(key: str, label: str, name: str | Promise) -> RetentionRule:
    model: Any = apps.get_model(label)
    return RetentionRule(
        key=key,
        label=name,
        counted_from=_("the day of the entry"),
        reason=_("During this time it can be found out who did what."),
        action=RetentionAction.DELETED,
        days=5 * 365,
        due=lambda before: model.objects.filter(timestamp__lt=before),
    )


def _data(
    label: str, copy: PseudonymisationRule, *keep: RetentionRule, **stays: str
) -> PersonalData:
    """Declare a model by its label; no column of it follows in a merge."""
    return PersonalData(apps.get_model(label), on_merge=stays, keep=keep, copy=copy)


_SESSIONS = RetentionRule(
    key="sessions",
    label=_("Browser sessions, with codes sent for one log-in"),
    counted_from=_("the day the session expired"),
    reason=_("Nobody can use them any more."),
    action=RetentionAction.DELETED,
    days=0,
    due=lambda before: Session.objects.filter(expire_date__lt=before),
)
_LOG = _log_rule("log", "wagtailcore.ModelLogEntry", _("History of people, lists and rights"))
_PAGE_LOG = _log_rule("page_log", "wagtailcore.PageLogEntry", _("History of pages"))
_REVISIONS = PseudonymisationRule(
    replaced={"content": _without_comments}, kept=("object_id", "object_str"), why=_CONTENT.why
)

_SIGNING_IN = (
    _data("sessions.Session", REMOVED, _SESSIONS),
    _data("account.EmailConfirmation", REMOVED),
    _data("account.EmailAddress", REMOVED, user=_SIGNS_IN),
    _data("mfa.Authenticator", REMOVED, user=_SIGNS_IN),
    # Stay empty: a log-in by an office keeps nothing of its account.
    _data("socialaccount.SocialAccount", REMOVED, user=_SIGNS_IN),
    _data("socialaccount.SocialApp", REMOVED),
    _data("socialaccount.SocialToken", REMOVED),
    _data("wagtailadmin.EditingSession", REMOVED, user=_SIGNS_IN),
    _data("wagtailadmin.FormState", REMOVED, user=_SIGNS_IN),
    _data("wagtailcore.APIToken", REMOVED, user=_SIGNS_IN),
    PersonalData(
        apps.get_model("wagtailusers.UserProfile"),
        subject="user",
        shown=("preferred_language",),
        on_merge={"user": "Language and look of an account that is closed."},
        copy=REMOVED,
    ),
)
_WORK_ON_PAGES = (
    _data("wagtailcore.ModelLogEntry", REMOVED, _LOG, user=_HISTORY),
    _data("wagtailcore.PageLogEntry", REMOVED, _PAGE_LOG, user=_HISTORY),
    _data("wagtailcore.CommentReply", REMOVED, user=_WAGTAIL_KEEPS),
    _data("wagtailcore.Comment", REMOVED, user=_WAGTAIL_KEEPS, resolved_by=_WAGTAIL_KEEPS),
    _data("wagtailcore.PageSubscription", _NO_TEXT, user=_SIGNS_IN),
    _data("wagtailcore.UploadedFile", REMOVED, uploaded_by_user=_WAGTAIL_KEEPS),
    _data("wagtailcore.WorkflowState", _MACHINERY, requested_by=_HISTORY),
    _data(
        "wagtailcore.TaskState", PseudonymisationRule(emptied=("comment",)), finished_by=_HISTORY
    ),
    _data("wagtailcore.Revision", _REVISIONS, user=_WAGTAIL_KEEPS),
    _data("wagtailcore.Page", _CONTENT, locked_by=_SIGNS_IN, owner=_WAGTAIL_KEEPS),
    _data("wagtaildocs.Document", _CONTENT, uploaded_by_user=_WAGTAIL_KEEPS),
    _data("wagtailimages.Image", _CONTENT, uploaded_by_user=_WAGTAIL_KEEPS),
)
_OF_NOBODY = (
    *(_data(f"auth.{name}", _MACHINERY) for name in ("Group", "Permission")),
    _data("contenttypes.ContentType", _MACHINERY),
    _data("core.CacheEntry", _MACHINERY),
    _data("core.Heartbeat", _MACHINERY),
    _data("core.SiteDetails", _CONTENT),
    _data("taggit.Tag", _MACHINERY),
    _data("wagtailredirects.Redirect", _MACHINERY),
    *(
        _data(f"wagtailcore.{name}", _MACHINERY)
        for name in ("Collection", "Locale", "ReferenceIndex", "Site", "Task", "Workflow")
    ),
    _data("wagtailcore.PageViewRestriction", _PASSWORD),
    _data("wagtailcore.CollectionViewRestriction", _PASSWORD),
    _data("wagtailembeds.Embed", _CONTENT),
    _data("wagtailimages.Rendition", _CONTENT),
    # People are not in the search of pages; its tables differ from one database to another.
    *(
        _data(f"wagtailsearch.{name}", _CONTENT)
        for name in ("IndexEntry", "SQLiteFTSIndexEntry")
        if name.lower() in apps.get_app_config("wagtailsearch").models
    ),
    *(PersonalData(place, copy=_PLACES) for place in apps.get_app_config("geography").get_models()),
)

PACKAGES_DATA = (*_SIGNING_IN, *_WORK_ON_PAGES, *_OF_NOBODY)
