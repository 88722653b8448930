"""The class of `test_kill.py`, in the embedded default's own database and broker.

`python -m tests.certificates.killing N` makes a class of N people who have read everything, and lets
the rule find out, which queues N certificates. The environment says where.
"""

import sys

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from courses.domain.completion import evaluate_many
from courses.models import CourseRun, Enrolment, LessonCompletion, LessonPage
from tests.factories.accounts import UserFactory
from tests.factories.certificates import CertificateTemplateFactory
from tests.factories.courses import EnrolmentFactory, ask, make_course, make_run
from tests.factories.geography import make_map, unit


def prepare(people: int) -> None:
    make_map()
    CertificateTemplateFactory()
    run = make_run(make_course(lessons=1), unit("350"))
    ask(run, lessons={"percent": 100})
    lesson = LessonPage.objects.get()
    for number in range(people):
        person = UserFactory(staff_code=f"KILL{number}")
        enrolment = EnrolmentFactory(run=run, unit=unit("13591"), user=person)
        LessonCompletion.objects.create(
            enrolment=enrolment, lesson=lesson, completed_at=timezone.now()
        )


def complete() -> None:
    run = CourseRun.objects.get()
    ids = list(Enrolment.objects.values_list("pk", flat=True))
    evaluate_many(run=run, enrolment_ids=ids, at=timezone.now())


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
    complete()
