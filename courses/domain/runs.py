"""The life of a class: planned, opened, closed or cancelled; and what it asks."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.domain.completion import evaluate_class
from courses.domain.editions import check_edition, freeze_edition
from courses.domain.history import record_run
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus, RunStatus, RunStep
from courses.extensions import completion_criteria
from courses.models import CompletionRequirement, CourseRun, Enrolment, Programme
from courses.signals import requirements_set, run_cancelled, run_changed, run_opened
from lms.accounts.enums import MANAGING_ROLES, Role
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.local_time import NEAR_YEARS
from lms.core.refusal import Refusal
from lms.core.text import nfc
from lms.geography.models import AdministrativeUnit

# A class is planned by half-days from its first to its last.
LONGEST_CLASS: Final = timedelta(days=731)
# In the history of a class: `data` says the place before and after.
MOVED_PLACE: Final = "courses.move_place"


def check_plan(
    *, starts_on: date, ends_on: date, unit: AdministrativeUnit, programme: Programme
) -> None:
    """Raise the Refusal that refuses such a class: those of `check_period`, `class_too_long`,
    `unit_off_the_map`.
    """
    check_period(starts_on=starts_on, ends_on=ends_on)
    if ends_on - starts_on > LONGEST_CLASS:
        raise Refusal(
            "class_too_long",
            _("A class lasts at most two years: please look at the years of both days."),
            field="ends_on",
        )
    if unit.edition_id != programme.edition_id:
        raise Refusal(
            "unit_off_the_map",
            _("This unit is not on the map of the programme (%(map)s). Choose one that is.")
            % {"map": programme.edition},
            field="unit",
        )


def check_period(*, starts_on: date, ends_on: date) -> None:
    """Raise the Refusal `ends_before_start` or `year_far_off` unless the days can be meant."""
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day.year not in NEAR_YEARS:
            raise Refusal(
                "year_far_off",
                _("The year %(year)d is too far off: please look at it again.")
                % {"year": day.year},
                field=name,
            )
    if ends_on < starts_on:
        raise Refusal(
            "ends_before_start",
            _("The last day (%(last)s) is before the first day (%(first)s).")
            % {"last": vi_date(ends_on), "first": vi_date(starts_on)},
            field="ends_on",
        )


@transaction.atomic
def create_run(*, run: CourseRun, trainers: Iterable[User], by: User | None = None) -> CourseRun:
    """Save a class that a form or a loader has filled in, as planned, with its trainers.

    A trainer who makes it (`by`) teaches it, too, or could not keep it. Raises
    the DomainErrors of `check_plan`.
    """
    check_plan(starts_on=run.starts_on, ends_on=run.ends_on, unit=run.unit, programme=run.programme)
    run.status = RunStatus.PLANNED
    run.save()
    record_run(run=run, at=timezone.now())
    run.trainers.set(trainers)
    if (
        by is not None
        and by.scope.has_role(Role.TRAINER)
        and not by.scope.covers(run.unit.path, MANAGING_ROLES)
    ):
        run.trainers.add(by)
    return run


def announce_change(
    *, run: CourseRun, before: Mapping[str, Any], by: User | None, at: datetime
) -> None:
    """Keep from when on the class has another first day, and tell whoever listens which of its
    facts became others; the caller has saved it.

    `before`: what they were, by field. Another place is logged, since people are told of it.
    """
    if "starts_on" in before:
        record_run(run=run, at=at)
    if "place" in before:
        data = {"before": before["place"], "after": run.place}
        log(run, MOVED_PLACE, user=by, timestamp=at, data=data)
    if before:
        run_changed.send(sender=CourseRun, run=run, fields=frozenset(before))


@transaction.atomic
def open_run(*, run: CourseRun, at: datetime, by: User | None = None) -> CourseRun:
    """Open a planned class to its trainees; a class without requirements gets the defaults.

    From now on the class asks the edition of its course as it stands (`freeze_edition`), and everybody
    in it is judged. A repeat changes nothing. Sends `run_opened` once. Raises Refusal `run_not_planned` for a class that is
    closed or cancelled, those of `check_edition` and of `check_requirements`.
    """
    locked = lock_run(run)
    if locked.status == RunStatus.OPEN:
        return _taken_over(run, locked)
    if locked.status != RunStatus.PLANNED:
        raise Refusal(
            "run_not_planned",
            _("Only a planned class can be opened; this one is: %(status)s.")
            % {"status": locked.get_status_display()},
        )
    requirements = prepare_opening(locked, at=at, by=by)
    if requirements:
        _add_version(run=locked, version=1, before={}, requirements=requirements, at=at)
    _change_status(locked, RunStatus.OPEN, action="courses.open_run", at=at)
    evaluate_class(run=locked, at=at)
    run_opened.send(sender=CourseRun, run=_taken_over(run, locked))
    return run


def prepare_opening(
    locked: CourseRun, *, at: datetime, by: User | None = None
) -> dict[str, dict[str, Any]]:
    """Give a planned class the edition that it will ask; return the requirements that it lacks.

    These are the defaults by key of the criterion, none where some were set. The caller holds the
    row and the transaction. Raises Refusal as `check_edition` and `check_requirements`.
    """
    locked.edition = freeze_edition(course=locked.course, at=at, by=by)
    check_edition(locked.edition)
    locked.save(update_fields=["edition"])
    in_force = requirements_in_force(run=locked)
    if in_force:
        check_requirements(run=locked, keys=(row.criterion for row in in_force))
        return {}
    return default_requirements(run=locked)


def default_requirements(*, run: CourseRun) -> dict[str, dict[str, Any]]:
    """Return what a class asks for which nothing was set: parameters by the key of the criterion."""
    return {
        criterion.key: criterion.default_params()
        for criterion in completion_criteria
        if criterion.applies_to(run)
    }


@transaction.atomic
def close_run(*, run: CourseRun, at: datetime) -> CourseRun:
    """Close an open class: nothing is read or answered any more, corrections still count.

    A repeat changes nothing. Raises Refusal `run_not_open`.
    """
    locked = lock_run(run)
    if locked.status == RunStatus.OPEN:
        _change_status(locked, RunStatus.CLOSED, action="courses.close_run", at=at)
    elif locked.status != RunStatus.CLOSED:
        raise Refusal("run_not_open", _("Only an open class can be closed."))
    return _taken_over(run, locked)


@transaction.atomic
def cancel_run(
    *, run: CourseRun, reason: str, at: datetime, instead: CourseRun | None = None
) -> CourseRun:
    """Cancel a class that does not take place; its people are told why and what comes instead.

    A repeat changes nothing. Raises Refusal `already_cancelled` for another reason or another
    class instead, `run_not_cancellable` for a closed class,
    `run_has_completions` when somebody has completed it, `reason_required`, and `instead_unfit`
    for a class of another course or one that is over; and what receivers of `run_cancelled` refuse.
    """
    locked = lock_run(run)
    if locked.status == RunStatus.CANCELLED:
        _require_said(locked, reason, instead)
        return _taken_over(run, locked)
    if locked.status == RunStatus.CLOSED:
        raise Refusal("run_not_cancellable", _("A closed class cannot be cancelled."))
    if locked.enrolments.filter(status=EnrolmentStatus.COMPLETED).exists():
        raise Refusal(
            "run_has_completions",
            _("Somebody has completed this class, so it cannot be cancelled. Close it instead."),
        )
    if not nfc(reason):
        raise Refusal(
            "reason_required", _("Please say why the class does not take place."), field="reason"
        )
    if instead is not None and not classes_instead(run=locked).filter(pk=instead.pk).exists():
        raise Refusal(
            "instead_unfit",
            _("Choose a class of the same course that is planned or open."),
            field="instead",
        )
    locked.cancelled_at, locked.cancel_reason, locked.replaced_by = at, nfc(reason), instead
    _change_status(locked, RunStatus.CANCELLED, action="courses.cancel_run", at=at)
    run_cancelled.send(sender=CourseRun, run=locked)
    return _taken_over(run, locked)


def _require_said(run: CourseRun, reason: str, instead: CourseRun | None) -> None:
    """Refuse what differs from what people were told when the class was cancelled."""
    if (run.cancel_reason, run.replaced_by) != (nfc(reason), instead):
        raise Refusal(
            "already_cancelled",
            _("This class has been cancelled already: “%(reason)s”. That is what people read.")
            % {"reason": run.cancel_reason},
        )


def classes_instead(*, run: CourseRun) -> QuerySet[CourseRun]:
    """Return the classes that can come instead of this one: of the same course, not over."""
    same = CourseRun.objects.filter(course=run.course_id, status__in=UNFINISHED_STATUSES)
    return same.exclude(pk=run.pk)


def requirements_in_force(*, run: CourseRun) -> list[CompletionRequirement]:
    """Return the rows of the highest version, in the order in which they were set; one query."""
    latest = (
        CompletionRequirement.objects.filter(run=run)
        .order_by()
        .values("run")
        .annotate(latest=Max("version"))
        .values("latest")
    )
    rows = CompletionRequirement.objects.filter(run=run, version__in=latest)
    return list(rows.order_by("pk"))


@transaction.atomic
def set_requirements(
    *,
    run: CourseRun,
    requirements: dict[str, dict[str, Any]],
    at: datetime,
    take_back: bool = False,
    seen_version: int | None = None,
) -> list[Enrolment]:
    """Put a new version of what the class asks in force; return those whose completion changed.

    `requirements`: parameters by the key of the criterion. Rows of criteria whose app is not
    installed are carried over, since nobody could see them to take them out. When nothing
    differs from the version in force, that one stays. Who has completed stays so by the version
    that was met, unless `take_back`: then everybody is judged anew. Raises the refusals of
    `next_requirements`, which reads `seen_version`, that of `check_requirements` once the class is
    open, and what receivers of `requirements_set` refuse.
    """
    locked = lock_run(run)
    in_force = requirements_in_force(run=run)
    current = {row.criterion: row.params for row in in_force}
    wanted = next_requirements(
        in_force=in_force, requirements=requirements, seen_version=seen_version
    )
    if locked.edition_id:
        check_requirements(run=locked, keys=requirements)
    if wanted != current:
        version = in_force[0].version + 1 if in_force else 1
        _add_version(run=run, version=version, before=current, requirements=wanted, at=at)
        log(run, "courses.set_requirements", timestamp=at, data={"version": version})
    return evaluate_class(run=locked, at=at, anew=take_back)


def next_requirements(
    *,
    in_force: Collection[CompletionRequirement],
    requirements: dict[str, dict[str, Any]],
    seen_version: int | None = None,
) -> dict[str, dict[str, Any]]:
    """Return what would be in force: `requirements`, and what is carried over.

    Raises Refusal `requirements_missing`, and `requirements_overtaken` where others than these were
    set since `seen_version`, the version on the page; 0 is a page that showed none.
    """
    current = {row.criterion: row.params for row in in_force}
    carried = {key: params for key, params in current.items() if key not in completion_criteria}
    wanted = carried | requirements
    if not wanted:
        raise Refusal("requirements_missing", _("A class must have at least one requirement."))
    version = max((row.version for row in in_force), default=0)
    if seen_version not in (None, version) and wanted != current:
        raise Refusal(
            "requirements_overtaken",
            _(
                "The requirements were changed meanwhile. These are in force now; nothing of yours "
                "was saved."
            ),
        )
    return wanted


def check_requirements(*, run: CourseRun, keys: Iterable[str]) -> None:
    """Raise Refusal `requirement_asks_nothing` for a criterion of which this class has nothing:
    nobody could ever complete the class.
    """
    criteria = [found for key in keys if (found := completion_criteria.get(key)) is not None]
    empty = [str(criterion.label) for criterion in criteria if not criterion.applies_to(run)]
    if empty:
        raise Refusal(
            "requirement_asks_nothing",
            _(
                "This class has nothing of what is required here: %(criteria)s. Nobody could ever "
                "complete it. Take the requirement out or add the content to the course first."
            )
            % {"criteria": ", ".join(empty)},
        )


def pending_step(*, run: CourseRun, trainee_count: int, today: date) -> RunStep | None:
    """Return what the class waits for: its trainees, its opening,
    or its closing when it is over.
    """
    if run.status == RunStatus.PLANNED:
        return RunStep.OPEN if trainee_count else RunStep.ENROL
    if run.status == RunStatus.OPEN and run.ends_on < today:
        return RunStep.CLOSE
    return None


def lock_run(run: CourseRun) -> CourseRun:
    """Lock the row as it is now, held until the transaction ends.

    Without its key (`no_key`): marks and answers that refer to the class do not wait.
    """
    return CourseRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def _add_version(
    *,
    run: CourseRun,
    version: int,
    before: dict[str, dict[str, Any]],
    requirements: dict[str, dict[str, Any]],
    at: datetime,
) -> None:
    CompletionRequirement.objects.bulk_create(
        CompletionRequirement(run=run, version=version, criterion=key, params=params, created_at=at)
        for key, params in requirements.items()
    )
    requirements_set.send(sender=CourseRun, run=run, before=before, after=requirements)


def _change_status(run: CourseRun, status: RunStatus, *, action: str, at: datetime) -> None:
    run.status = status
    run.save()
    record_run(run=run, at=at)
    log(run, action, timestamp=at)


def _taken_over(run: CourseRun, locked: CourseRun) -> CourseRun:
    """Return the caller's own object with the state that was read or written under the lock."""
    run.status = locked.status
    run.edition_id = locked.edition_id
    return run
