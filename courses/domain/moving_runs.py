"""A class goes over to the newest edition of its course: an act of those who keep it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.domain.completion import Effect, effect_of, evaluate_class
from courses.domain.editions import check_edition, differs, freeze_edition, last_edition
from courses.domain.pass_mark import pass_percent
from courses.domain.quiz_changes import QuizChange, quiz_changes
from courses.domain.runs import check_requirements, lock_run, requirements_in_force
from courses.enums import RunStatus
from courses.models import CourseEdition, CourseRun, EditionLesson, EditionQuiz, Enrolment
from courses.models.titles import shown_title
from lms.accounts.models import User
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class MovePreview:
    """What moving a class would do: lessons and quizzes that come and go, quizzes that are taken
    otherwise, and its effect. `pass_percent` stays: it is a setting of the class.
    """

    number: int
    coming: list[str]
    going: list[str]
    changes: list[QuizChange]
    pass_percent: int
    effect: Effect


def asks_newest(*, run: CourseRun) -> bool:
    """Return whether the class asks what its course asks as it is published now."""
    last = last_edition(run.course)
    return last is not None and last.pk == run.edition_id and not differs(last, run.course)


def preview_move(*, run: CourseRun, at: datetime) -> MovePreview:
    """Return what `move_run` would do now; writes nothing. Raises the same Refusals."""
    with transaction.atomic():
        locked, edition = _prepare(run, at=at, by=None)
        before = locked.edition_id
        old, new = _titles(before), _titles(edition.pk)
        locked.edition = edition
        preview = MovePreview(
            number=edition.number,
            coming=[title for key, title in new.items() if key not in old],
            going=[title for key, title in old.items() if key not in new],
            changes=quiz_changes(old=before, new=edition.pk),
            pass_percent=pass_percent(run=locked),
            effect=effect_of(run=locked),
        )
        # The edition that was frozen to look at goes again.
        transaction.set_rollback(True)
    return preview


@transaction.atomic
def move_run(
    *, run: CourseRun, at: datetime, by: User | None, take_back: bool = False
) -> list[Enrolment]:
    """Let a class ask the newest edition of its course; return those whose completion changed.

    Who has completed stays so, by the edition that was met, unless `take_back`: then everybody is
    judged anew. Raises Refusal `run_not_open`, `edition_is_newest`, and those of `check_edition`
    and `check_requirements`.
    """
    locked, edition = _prepare(run, at=at, by=by)
    before = locked.edition.number if locked.edition else None
    locked.edition = edition
    locked.save(update_fields=["edition"])
    log(
        locked,
        "courses.move_run",
        user=by,
        timestamp=at,
        data={"before": before, "after": edition.number, "take_back": take_back},
    )
    return evaluate_class(run=locked, at=at, anew=take_back)


def _prepare(run: CourseRun, *, at: datetime, by: User | None) -> tuple[CourseRun, CourseEdition]:
    locked = lock_run(run)
    if locked.status != RunStatus.OPEN:
        raise Refusal("run_not_open", _("Only an open class can move to a newer edition."))
    edition = freeze_edition(course=locked.course, at=at, by=by)
    if edition.pk == locked.edition_id:
        raise Refusal(
            "edition_is_newest",
            _("The course asks nothing else than this class: there is no newer edition."),
        )
    check_edition(edition)
    asked = CourseRun(pk=locked.pk, edition=edition)
    check_requirements(run=asked, keys=(row.criterion for row in requirements_in_force(run=run)))
    return locked, edition


def _titles(edition_id: int | None) -> dict[tuple[str, int], str]:
    """Return the titles of lessons that count and of quizzes, by what they are."""
    lessons = EditionLesson.objects.filter(edition=edition_id, is_required=True)
    quizzes = EditionQuiz.objects.filter(edition=edition_id)
    return {
        **{("lesson", one.lesson_id): shown_title(one) for one in lessons.order_by("position")},
        **{("quiz", one.quiz_id): shown_title(one) for one in quizzes.order_by("module__position")},
    }
