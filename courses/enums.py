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


class EnrolmentStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("of a trainee", "In progress")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A withdrawn person is no longer asked, reminded or counted.
COUNTED_STATUSES = (EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED)


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One correct answer")
    MULTIPLE = "multiple", _("Several correct answers")
    TRUE_FALSE = "true_false", _("True or false")


class CalloutTone(models.TextChoices):
    INFO = "info", _("Information")
    WARNING = "warning", _("Caution")
    REMEMBER = "remember", _("Remember")
