"""The people of a class, as a group that can be invited together."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.enums import COUNTED_STATUSES
from courses.models import CourseRun, Enrolment
from lms.accounts.extensions import PeopleGroup
from lms.accounts.models import User


class ClassPeople(PeopleGroup):
    key = "class"
    label = _("Class")

    def choices(self, user: User) -> QuerySet[CourseRun]:
        return CourseRun.objects.visible_to(user).order_by("-starts_on", "title")

    def people(self, chosen: Any) -> QuerySet[User]:
        enrolled = Enrolment.objects.filter(run=chosen, status__in=COUNTED_STATUSES)
        return User.objects.filter(pk__in=enrolled.values("user"))
