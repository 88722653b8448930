from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


# People join until the class is closed: latecomers are entered after the first day, too.
# Until then it may also be cancelled.
UNFINISHED_STATUSES = (RunStatus.PLANNED, RunStatus.OPEN)
# Nobody learns in it yet, or never did.
WITHOUT_EDITION = (RunStatus.PLANNED, RunStatus.CANCELLED)


class RunStep(StrEnum):
    """What somebody who keeps the register of a class has to do with it next."""

    ENROL = "enrol"
    OPEN = "open"
    CLOSE = "close"


class FindingLevel(models.TextChoices):
    """How much it matters, before a class opens, what a check has found."""

    # Keeps the class from opening.
    MISSING = "missing", _("Missing")
    DOUBTFUL = "doubtful", _("Please check")
    GOOD = "good", _("Ready")


class EnrolmentStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("of a trainee", "In progress")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EnrolmentState(models.TextChoices):
    """Where a person stands in a class, as a reader is told: the enrolment and what became of the
    class together. Worked out by `courses.domain.enrolment_state`, never stored.
    """

    TO_COME = "to_come", _("Class to come")
    LEARNING = "learning", pgettext_lazy("of a trainee", "In progress")
    NOT_COMPLETED = "not_completed", _("Class over, not completed")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("of a trainee", "Class cancelled")


# A withdrawn person is no longer asked, reminded or counted.
COUNTED_STATUSES = (EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED)


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One correct answer")
    MULTIPLE = "multiple", _("Several correct answers")
    TRUE_FALSE = "true_false", _("True or false")
    MATCHING = "matching", _("Matching")
    ORDERING = "ordering", _("Put in order")
    NUMBER = "number", pgettext_lazy("kind of question", "Number")
    SHORT_TEXT = "short_text", _("Short text")


class QuizPurpose(models.TextChoices):
    """What a quiz is for beside what it asks: two of a course are compared with each other."""

    PRE_TEST = "pre_test", _("Pre-test: before the training")
    POST_TEST = "post_test", _("Post-test: after the training")


# What one ticks; the others have no wrong answers on offer.
CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)


class Difficulty(models.TextChoices):
    EASY = "easy", pgettext_lazy("of a question", "Easy")
    MEDIUM = "medium", pgettext_lazy("of a question", "Medium")
    HARD = "hard", pgettext_lazy("of a question", "Hard")


class ItemFault(models.TextChoices):
    """Why a question should be looked at, as the answers tell."""

    WRONG_PREFERRED = "wrong_preferred", _("A wrong answer is chosen more often than the right one")
    TOO_HARD = "too_hard", _("Few get it right")
    TELLS_NOTHING = "tells_nothing", _("Does not tell who has learned")
    TOO_EASY = "too_easy", _("Nearly everybody gets it right")
    NEVER_CHOSEN = "never_chosen", _("A wrong answer that nobody chooses")


class CalloutTone(models.TextChoices):
    INFO = "info", _("Information")
    WARNING = "warning", _("Caution")
    REMEMBER = "remember", _("Remember")
    LAW = "law", _("What the law says")
    TIP = "tip", _("Tip")


class PageState(models.TextChoices):
    """How far a page is on its way to its readers."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for approval")
    CHANGED = "changed", _("Live, with unpublished changes")
    LIVE = "live", _("Live")


class ContentFault(models.TextChoices):
    """What a trainer should look at in a module or lesson."""

    EMPTY = "empty", _("Nothing in it yet")
    NO_ALT = "no_alt", _("A picture without a description")
    NO_SOURCE = "no_source", _("No source")
    DEAD_LINK = "dead_link", _("A link leads nowhere")
    HEAVY = "heavy", _("Heavy for a phone")
    OLD = "old", _("Not reviewed for 12 months")
    NO_QUIZ = "no_quiz", _("No quiz")
    FEW_QUESTIONS = "few_questions", _("Few questions")
    TOO_FEW_TO_DRAW = "too_few_to_draw", _("Too few questions to draw from")


class OldResults(models.TextChoices):
    """What becomes of results when another answer to a question becomes the right one."""

    LEAVE = "leave"
    REJUDGE = "rejudge"


class MediaRights(models.TextChoices):
    """Why a picture or a recording may stand in a course."""

    OWN = "own", _("Made by ourselves")
    OFFICIAL = "official", _("Published by an office for everybody")
    LICENSED = "licensed", _("Under a free licence")
    PERMITTED = "permitted", _("With the permission of its owner and of those shown")


class InfoPlace(models.TextChoices):
    """Where a page that everybody can read stands."""

    FRONT = "front", _("Front page")
    ABOUT = "about", _("About")
    HELP = "help", _("Help")
    FAQ = "faq", _("Questions and answers")

    @property
    def url_name(self) -> str:
        return "home" if self == self.FRONT else f"courses:{self.value}"
