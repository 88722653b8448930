"""A question goes live: the one place where a draft, or a list, becomes what people are asked.

Until then a draft is a revision beside the row; nobody is asked it and no edition freezes it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Revision

from courses.domain.judging import key_of
from courses.domain.question_rights import check_publishable
from courses.domain.question_versions import options_of
from courses.domain.rejudging import key_as_stored, people_who_answered, rejudge_answers
from courses.enums import OldResults
from courses.models import Question
from lms.accounts.models import User
from lms.core.databases import lock_rows
from lms.core.refusal import Refusal

_STATE = (
    *("live", "has_unpublished_changes", "expired", "latest_revision", "live_revision"),
    *("first_published_at", "last_published_at"),
)


@transaction.atomic
def publish_draft(
    *,
    revision: Revision,
    by: User,
    at: datetime,
    old_results: OldResults | None = None,
    note: str = "",
) -> Question:
    """Make a draft the question that is asked from now on; answers already given keep theirs.

    Raises Refusal `not_yours_to_publish` where the question belongs to others, as it was or as it
    becomes, `old_results_undecided` where another answer would become right after people have
    answered and nobody has said what becomes of their results, or as `rejudge_answers`.
    """
    lock_rows(Question.objects.all(), pks=[int(revision.object_id)])
    question: Question = revision.as_object()
    # As it is, and as it becomes: a draft may name another lesson.
    check_publishable(question=question, by=by)
    is_new_key = key_of(question.kind, options_of(question)) != key_as_stored(question)
    if is_new_key and old_results is None and people_who_answered(question):
        raise Refusal(
            "old_results_undecided",
            _("People have answered this question: say what becomes of their results."),
        )
    question.save()
    check_publishable(question=question, by=by)
    # Answers that are new have their numbers only now.
    revision.content = question.serializable_data()
    revision.save(update_fields=["content"])
    _go_live([question], [revision], by, at)
    if is_new_key and old_results == OldResults.REJUDGE:
        rejudge_answers(question=question, note=note, by=by, at=at)
    return question


def publish_questions(*, ids: Collection[int], by: User, at: datetime) -> None:
    """Note rows that a list has just written as what is asked from now on, each with a revision.

    Their answers are as they were, or new; eight queries. The caller holds the transaction.
    """
    questions = list(Question.objects.filter(pk__in=ids).prefetch_related("options"))
    if not questions:
        return
    kind = Question.get_content_type()
    revisions = Revision.objects.bulk_create(
        Revision(
            content_type=kind,
            base_content_type=kind,
            object_id=str(question.pk),
            user=by,
            created_at=at,
            object_str=str(question),
            content=question.serializable_data(),
        )
        for question in questions
    )
    _log("wagtail.edit", questions, revisions, by, at)
    _go_live(questions, revisions, by, at)


def _go_live(
    questions: Sequence[Question], revisions: Sequence[Revision], by: User, at: datetime
) -> None:
    for question, revision in zip(questions, revisions, strict=True):
        question.live, question.has_unpublished_changes, question.expired = True, False, False
        question.latest_revision = question.live_revision = revision
        question.first_published_at = question.first_published_at or at
        question.last_published_at = at
    Question.objects.bulk_update(questions, _STATE, batch_size=500)
    _log("wagtail.publish", questions, revisions, by, at)


def _log(
    action: str,
    questions: Sequence[Question],
    revisions: Sequence[Revision],
    by: User,
    at: datetime,
) -> None:
    """Write what Wagtail's own log would, for any number at once."""
    kind = ContentType.objects.get_for_model(Question)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(question.pk),
            label=str(question),
            action=action,
            timestamp=at,
            user=by,
            uuid=uuid4(),
            revision=revision,
            content_changed=True,
        )
        for question, revision in zip(questions, revisions, strict=True)
    )
