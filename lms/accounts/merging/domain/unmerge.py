"""The way back from a merge, for 30 days: each row is given back unless it was changed since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.merging.domain.merge import lock_pair
from lms.accounts.merging.domain.swap import exchange
from lms.accounts.models import Merge, User
from lms.core.change_journal import Change, from_plain
from lms.core.databases import lock_rows
from lms.core.refusal import Refusal
from lms.core.take_back import DELETED_SINCE, TAKEN_SINCE, take_back

UNMERGED = "accounts.unmerged"


def may_unmerge(*, merge: Merge, at: datetime) -> bool:
    return merge.undone_at is None and at <= merge.undo_until


def unmerge(*, merge: Merge, by: User, at: datetime) -> Merge:
    """Part the two records again; what was changed since stays, and `left` says what and why.

    Raises Refusal: `undone_already`, `too_late`, `not_manageable`, and `merged_since` when
    the kept record has itself been merged: that one is undone first. Writes the log.
    """
    with transaction.atomic():
        kept, closed = lock_pair(merge.kept_id, merge.closed_id)
        locked = Merge.objects.select_for_update().get(pk=merge.pk)
        _check(locked, kept, by, at)
        locked.left = [sentence for move in reversed(locked.moves) if (sentence := _undo(move))]
        locked.undone_at = at
        locked.save(update_fields=["left", "undone_at"])
        data = {"kept": kept.staff_code, "closed": closed.staff_code, "left": len(locked.left)}
        for person in (kept, closed):
            log(instance=person, action=UNMERGED, user=by, data=data)
    return locked


def _check(merge: Merge, kept: User, by: User, at: datetime) -> None:
    if merge.undone_at is not None:
        raise Refusal("undone_already", _("This merge has already been undone."))
    if at > merge.undo_until:
        raise Refusal(
            "too_late", _("A merge can only be undone within 30 days; that time is over.")
        )
    if kept.merged_into_id is not None:
        raise Refusal(
            "merged_since",
            _("The person has been merged again since then: please undo that merge first."),
        )
    if not User.objects.manageable_by(by).filter(pk=kept.pk).exists():
        raise Refusal("not_manageable", _("You may not change the record of this person."))


def _undo(move: Mapping[str, Any]) -> str:
    """Take one step back; a sentence where that cannot be done."""
    model = apps.get_model(move["model"])
    if "fields" in move:
        change = Change(move["model"], move["pk"], False, move["fields"])
        [reasons] = take_back(changes=[change], whole=True)
        reason = " ".join(reasons)
    else:
        reason = _swap_or_add(model, move)
    return f"{capfirst(str(model._meta.verbose_name))} {move['pk']}: {reason}" if reason else ""


def _swap_or_add(model: Any, move: Mapping[str, Any]) -> str:
    """Give rows that changed hands back, or add the one that was dropped."""
    try:
        with transaction.atomic():
            if "dropped" in move:
                values = move["dropped"].items()
                model._base_manager.create(
                    **{name: from_plain(model, name, old) for name, old in values}
                )
                return ""
            field, other = move["swapped"]
            both = [move["pk"], other]
            rows = lock_rows(model._base_manager.all(), pks=both, no_key=False)
            if len(rows) < len(both):
                return str(DELETED_SINCE)
            exchange(field=field, first=rows[move["pk"]], second=rows[other])
    except IntegrityError:
        return str(TAKEN_SINCE)
    return ""
