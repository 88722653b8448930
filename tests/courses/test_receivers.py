"""Whoever loses the consent leaves the classes that are not over."""

from datetime import date

from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.enums import Cadre
from lms.accounts.register.domain.consent_withdrawal import withdraw_consent
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.courses import EnrolmentFactory, enrol, make_run
from tests.factories.geography import unit
from tests.factories.rows import status_of
from tests.reading import numbers
from tests.shared import shared


@shared
def child(edition):
    return PostingFactory(unit=unit("13384"), cadre=Cadre.CORE_CHILD).user


def withdrawn(person, **fields):
    today = timezone.localdate()
    consent = person.consents.get()
    return withdraw_consent(consent=consent, on=date(2014, 6, 1), today=today, **fields)


def test_child_is_enrolled_like_anybody(run, child):
    enrolment = enrol(run=run, user=child, at=timezone.now())

    assert (enrolment.cadre, enrolment.posting) == (Cadre.CORE_CHILD, child.postings.get())


def test_withdrawal_takes_off_open_classes_and_says_why(run, child):
    enrolment = EnrolmentFactory(run=run, user=child, unit=unit("13384"))
    by = UserFactory()

    done = withdrawn(child, by=by)

    assert status_of(enrolment) == EnrolmentStatus.WITHDRAWN
    assert run.title in done.ended[-1]
    entry = ModelLogEntry.objects.for_instance(enrolment).get()
    assert (entry.user, numbers(entry.data["reason"])) == (by, [1, 6, 2014])


def test_what_is_over_or_completed_stays(run, child):
    over = make_run(run.course, unit("350"), status=RunStatus.CLOSED)
    kept = [
        EnrolmentFactory(run=over, user=child, unit=unit("13384")),
        EnrolmentFactory(
            run=run,
            user=child,
            unit=unit("13384"),
            status=EnrolmentStatus.COMPLETED,
            completed_at=timezone.now(),
        ),
    ]
    other = EnrolmentFactory(run=run, unit=unit("13384"))

    done = withdrawn(child)

    statuses = [status_of(one) for one in (*kept, other)]
    assert statuses == ["active", "completed", "active"]
    assert len(done.ended) == 1
