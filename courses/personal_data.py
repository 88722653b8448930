"""What courses hold about people: their places in classes, what they read and answered."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from courses.enums import EnrolmentStatus
from courses.models import (
    CompletionRequirement,
    CourseDocument,
    CourseEdition,
    CourseImage,
    CoursePage,
    CourseRendition,
    CourseRun,
    CriterionProgress,
    EditionLesson,
    EditionModule,
    EditionQuiz,
    Enrolment,
    EnrolmentChange,
    InfoPage,
    LessonCompletion,
    LessonNote,
    LessonOpening,
    LessonPage,
    ModulePage,
    Programme,
    Question,
    QuestionCase,
    QuestionOption,
    QuestionVersion,
    Quiz,
    QuizAnswer,
    QuizAttempt,
    QuizDraw,
)
from lms.accounts.enums import RetentionAction
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

_WITHDRAWN = {
    "status": EnrolmentStatus.WITHDRAWN.value,
    "completed_at": None,
    "completed_version": None,
    "completed_edition_id": None,
}
# Of two places in one class the one further on counts.
_RANKS = {EnrolmentStatus.WITHDRAWN: 0, EnrolmentStatus.ACTIVE: 1, EnrolmentStatus.COMPLETED: 2}


def _settle_enrolments(theirs: Enrolment, mine: Enrolment, _today: date) -> Settlement:
    """Settle both in one class: the place further on goes to the person,
    the other is withdrawn.

    Completed counts before in progress, in progress before withdrawn; of two alike that of
    the kept record. The withdrawn place stays with the closed record, with its attendance, its
    quizzes and its certificate, which nobody may rewrite.
    """
    swap = _RANKS[EnrolmentStatus(theirs.status)] > _RANKS[EnrolmentStatus(mine.status)]
    note = _(
        "Both were in the class “%(run)s”: the enrolment with more progress counts, the other is "
        "withdrawn."
    )
    sentence = note % {"run": theirs.run}
    if swap:
        return Settlement(swap=True, mine=_WITHDRAWN, note=sentence)
    return Settlement(theirs=_WITHDRAWN, note=sentence)


def _join_notes(theirs: LessonNote, mine: LessonNote, _today: date) -> Settlement:
    """Put both notes on a lesson into one; nothing is lost when it gets longer than a note may be."""
    if theirs.text in mine.text:
        return Settlement(drop=True)
    return Settlement(drop=True, mine={"text": f"{mine.text}\n\n{theirs.text}"})


def _not_handed_in(before: datetime) -> Exempted:
    begun = QuizAnswer.objects.filter(attempt__submitted_at=None, answered_at__lt=before)
    yield begun.count(), _("belong to a quiz that was not handed in")


# Besides what follows from the class of Wagtail.
_MEDIA = ("title", "file", "file_hash", "source", "licence")
_UPLOADED = "It says who worked on a page or a file, under the name of that day."


def _content(*columns: str) -> PseudonymisationRule:
    return PseudonymisationRule(kept=columns, why="What is taught: it is public to all who learn.")


PERSONAL_DATA = (
    PersonalData(
        Enrolment,
        subject="user",
        shown=("run.title", "unit", "cadre", "status", "enrolled_at", "completed_at"),
        on_merge={
            "user": Follow(clash_key=lambda enrolment: enrolment.run_id, settle=_settle_enrolments),
        },
        keep=[
            RetentionRule(
                key="enrolments",
                label=_("Enrolments, with lessons read and results of quizzes"),
                reason=_(
                    "Reports and certificates are based on them. They name nobody once the person "
                    "has been anonymised."
                ),
                action=RetentionAction.KEPT,
                due=lambda _before: Enrolment.objects.all(),
            )
        ],
    ),
    # Says when the row above became what it is; it follows its enrolment.
    PersonalData(
        EnrolmentChange, subject="enrolment__user", shown=("status", "unit", "cadre", "at")
    ),
    PersonalData(
        LessonCompletion, subject="enrolment__user", shown=("lesson.title", "completed_at")
    ),
    PersonalData(LessonOpening, subject="enrolment__user", shown=("lesson.title", "opened_at")),
    # Says again what the rows below say; it follows its enrolment.
    PersonalData(
        CriterionProgress,
        copy=PseudonymisationRule(
            kept=("criterion", "details"), why="Keys, days, and what the class calls its sessions."
        ),
    ),
    PersonalData(
        LessonNote,
        subject="user",
        shown=("lesson.title", "text", "updated_at"),
        ends_with_person=True,
        on_merge={"user": Follow(clash_key=lambda note: note.lesson_id, settle=_join_notes)},
        keep=[
            RetentionRule(
                key="lesson_notes",
                label=_("Notes that people have written on lessons"),
                reason=_(
                    "They belong to the person, who can delete them at any time. They are deleted "
                    "when the person is anonymised."
                ),
                action=RetentionAction.KEPT,
                due=lambda _before: LessonNote.objects.all(),
            )
        ],
        copy=REMOVED,
    ),
    PersonalData(
        QuizAttempt,
        subject="enrolment__user",
        shown=("quiz", "number", "started_at", "submitted_at", "score", "max_score"),
    ),
    PersonalData(
        QuizAnswer,
        keep=[
            RetentionRule(
                key="quiz_answers",
                label=_("Answers to the questions of quizzes"),
                counted_from=_("the day the quiz was handed in"),
                reason=_("They can be reviewed during this time. The result stays."),
                action=RetentionAction.DELETED,
                days=2 * 365,
                due=lambda before: QuizAnswer.objects.filter(attempt__submitted_at__lt=before),
                exempted=_not_handed_in,
            )
        ],
        # A text of one's own may name anybody.
        copy=PseudonymisationRule(
            kept=("chosen", "option_order"), emptied=("typed",), why="Numbers of answers."
        ),
    ),
    PersonalData(
        CourseRun,
        copy=PseudonymisationRule(
            kept=("code", "title", "place"),
            replaced={"cancel_reason": lambda run: NO_LONGER_KEPT if run.cancel_reason else ""},
            why="What is taught where, not by whom.",
        ),
    ),
    PersonalData(
        CourseRun.trainers.through,
        on_merge={
            "user": Follow(clash_key=lambda row: row.courserun_id, settle=one_is_enough),
        },
    ),
    PersonalData(
        CourseImage, on_merge={"uploaded_by_user": _UPLOADED}, copy=_content(*_MEDIA, "description")
    ),
    PersonalData(CourseRendition, copy=_content("file", "filter_spec", "focal_point_key")),
    PersonalData(
        CourseDocument,
        on_merge={"uploaded_by_user": _UPLOADED},
        copy=_content(*_MEDIA, "description", "length"),
    ),
    PersonalData(CoursePage, copy=_content("title_en", "summary", "as_of", "code")),
    PersonalData(InfoPage, copy=_content("intro", "body")),
    PersonalData(
        ModulePage, copy=_content(*("title_en", "summary", "as_of", "code", "outcomes", "cover"))
    ),
    PersonalData(LessonPage, copy=_content("title_en", "summary", "as_of", "body", "sources")),
    PersonalData(
        Question,
        on_merge={"locked_by": Follow()},
        copy=_content(*("key", "text", "explanation", "source", "as_of", "picture_alt", "tags")),
    ),
    PersonalData(QuestionCase, copy=_content("title", "text")),
    PersonalData(QuestionOption, copy=_content("text", "match", "tolerance", "feedback")),
    PersonalData(
        QuestionVersion,
        copy=_content(
            *("text", "options", "explanation", "source", "as_of", "digest"),
            *("picture_alt", "case_title", "case_text"),
        ),
    ),
    PersonalData(CourseEdition, on_merge={"created_by": "Says who opened the class on that day."}),
    PersonalData(EditionModule, copy=_content("title", "title_en", "code")),
    PersonalData(EditionLesson, copy=_content("title", "title_en")),
    PersonalData(EditionQuiz, copy=_content("title", "title_en")),
    PersonalData(Quiz, copy=_content("title", "title_en")),
    PersonalData(QuizDraw, copy=_content("tag")),
    PersonalData(
        Programme, copy=PseudonymisationRule(kept=("code", "name"), why="A plan names no person.")
    ),
    PersonalData(
        CompletionRequirement,
        copy=PseudonymisationRule(kept=("criterion", "params"), why="Figures and keys."),
    ),
)
