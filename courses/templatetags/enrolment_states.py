"""How an enrolment stands, for templates."""

from django import template
from django.utils import timezone

from courses.domain import enrolment_state as rule
from courses.enums import EnrolmentState
from courses.models import Enrolment

register = template.Library()


@register.filter
def enrolment_state(enrolment: Enrolment) -> EnrolmentState:
    """Return the state of today; the class of the enrolment must be loaded."""
    return rule.enrolment_state(enrolment, today=timezone.localdate())
