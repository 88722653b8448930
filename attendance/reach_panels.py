"""What attendance tells of hours that can no longer be reached, on the pages of courses."""

from typing import Any

from django.utils import timezone

from attendance.domain.hours.reach import shortfalls_of
from attendance.domain.make_ups.booking import may_agree
from attendance.domain.make_ups.offers import missed_sessions
from attendance.domain.make_ups.words import soonest_offers
from attendance.domain.wording import describe_minutes
from courses.models import CourseRun, Enrolment
from courses.permissions import may_manage
from lms.core.readers import SignedInRequest


class RunShortfalls:
    """Overview of a class: who can no longer reach the hours, of those whom the reader may see."""

    key = "attendance.run_shortfalls"
    place = "run_overview"
    order = 5
    template = "attendance/panels/run_shortfalls.html"

    def context(self, request: SignedInRequest, subject: CourseRun) -> dict[str, Any] | None:
        people = Enrolment.objects.visible_to(request.user)
        short = shortfalls_of(enrolments=people, run=subject)
        if not short:
            return None
        named = people.filter(pk__in=short).select_related("user", "run").in_name_order()
        now = timezone.now()
        manages = may_manage(request.user, subject)
        missed = missed_sessions(enrolments=named, at=now) if manages else {}
        return {
            "run": subject,
            "is_over": subject.ends_on < timezone.localdate(),
            "lines": [
                {
                    "enrolment": one,
                    "missing": describe_minutes(short[one.pk].missing),
                    "offers": soonest_offers(missed.get(one.pk, []), now=now),
                }
                for one in named
            ],
        }


class EnrolmentShortfall:
    """One trainee, to the person and to whoever looks after the class: by how much it is too late."""

    key = "attendance.enrolment_shortfall"
    place = "enrolment"
    order = 5
    template = "attendance/panels/enrolment_shortfall.html"

    def context(self, request: SignedInRequest, subject: Enrolment) -> dict[str, Any] | None:
        people = Enrolment.objects.filter(pk=subject.pk)
        short = shortfalls_of(enrolments=people, run=subject.run).get(subject.pk)
        if not short:
            return None
        now = timezone.now()
        may = may_agree(enrolment=subject, by=request.user)
        missed = missed_sessions(enrolments=[subject], at=now).get(subject.pk, []) if may else []
        return {
            "missing": describe_minutes(short.missing),
            "enrolment": subject,
            "offers": soonest_offers(missed, now=now),
        }


REACH_PANELS = (RunShortfalls(), EnrolmentShortfall())
