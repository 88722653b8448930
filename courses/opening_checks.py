"""What courses look at before a class opens: its course, its people, its days."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.opening import OpeningPreview, preview_opening
from courses.domain.written_outline import written_outline
from courses.enums import FindingLevel
from courses.extensions import OpeningFinding
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.display import vi_date


class CourseIsComplete:
    """Lessons, minutes and quizzes that the class would ask, and what is wrong with their text."""

    key = "courses.content"

    def find(self, run: CourseRun, *, reader: User) -> list[OpeningFinding]:
        now = timezone.now()
        preview = preview_opening(run=run, at=now)
        outline = _way_to_outline(run, reader)
        findings = [*_about_lessons(preview, outline), *_about_quizzes(preview, outline)]
        faults = written_outline(course=run.course, now=now).fault_count
        if faults:
            text = ngettext(
                "The outline of the course names %(count)d thing to look at.",
                "The outline of the course names %(count)d things to look at.",
                faults,
            )
            findings.append(
                OpeningFinding(FindingLevel.DOUBTFUL, text % {"count": faults}, *outline)
            )
        return findings


class ClassIsStaffed:
    """Trainers, trainees and days of the class."""

    key = "courses.people"

    def find(self, run: CourseRun, *, reader: User) -> list[OpeningFinding]:
        return [_about_trainers(run), _about_trainees(run), *_about_days(run)]


def _about_lessons(preview: OpeningPreview, outline: tuple[str, str]) -> list[OpeningFinding]:
    if preview.refusal:
        return [OpeningFinding(FindingLevel.MISSING, preview.refusal.message, *outline)]
    text = ngettext(
        "%(count)d lesson, %(minutes)d minutes of reading.",
        "%(count)d lessons, %(minutes)d minutes of reading.",
        preview.lessons,
    )
    figures = {"count": preview.lessons, "minutes": preview.minutes}
    findings = [OpeningFinding(FindingLevel.GOOD, text % figures)]
    if preview.unmeasured:
        text = ngettext(
            "%(count)d lesson says that it takes 0 minutes.",
            "%(count)d lessons say that they take 0 minutes.",
            preview.unmeasured,
        )
        told = text % {"count": preview.unmeasured}
        findings.append(OpeningFinding(FindingLevel.DOUBTFUL, told, *outline))
    return findings


def _about_quizzes(preview: OpeningPreview, outline: tuple[str, str]) -> list[OpeningFinding]:
    if preview.refusal:
        return []
    if preview.without_quiz:
        text = ngettext(
            "%(count)d module has no quiz: nothing is asked about it.",
            "%(count)d modules have no quiz: nothing is asked about them.",
            preview.without_quiz,
        )
        told = text % {"count": preview.without_quiz}
        return [OpeningFinding(FindingLevel.DOUBTFUL, told, *outline)]
    text = ngettext(
        "%(count)d quiz: every module has one.",
        "%(count)d quizzes: every module has one.",
        preview.quizzes,
    )
    return [OpeningFinding(FindingLevel.GOOD, text % {"count": preview.quizzes})]


def _about_trainers(run: CourseRun) -> OpeningFinding:
    names = [trainer.full_name for trainer in run.trainers.all()]
    if names:
        return OpeningFinding(FindingLevel.GOOD, _("Taught by %s.") % ", ".join(names))
    return OpeningFinding(
        FindingLevel.DOUBTFUL,
        _("No trainer is named: trainees have nobody to ask, and only coordinators take the roll."),
        _("Name a trainer"),
        reverse("runs:edit", args=(run.pk,)),
    )


def _about_trainees(run: CourseRun) -> OpeningFinding:
    count = run.enrolments.counted().count()
    if count:
        text = ngettext("%(count)d trainee is enrolled.", "%(count)d trainees are enrolled.", count)
        return OpeningFinding(FindingLevel.GOOD, text % {"count": count})
    return OpeningFinding(
        FindingLevel.DOUBTFUL,
        _("Nobody is enrolled yet."),
        _("Enrol trainees"),
        reverse("runs:enrol", args=(run.pk,)),
    )


def _about_days(run: CourseRun) -> list[OpeningFinding]:
    if run.ends_on >= timezone.localdate():
        return []
    text = _("The last day of the class, %(day)s, is over.") % {"day": vi_date(run.ends_on)}
    way = (_("Change the days"), reverse("runs:edit", args=(run.pk,)))
    return [OpeningFinding(FindingLevel.DOUBTFUL, text, *way)]


def _way_to_outline(run: CourseRun, reader: User) -> tuple[str, str]:
    """Return the words and the address of a link, both empty for those who may not write."""
    if not run.course.permissions_for_user(reader).can_edit():
        return "", ""
    return _("Look at the outline"), reverse("course_outline", args=(run.course_id,))
