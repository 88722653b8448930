"""From a completion to a certificate and back, with the signals and tasks between."""

import pytest
from django.db import transaction

from certificates import tasks
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.domain.completion import evaluate
from courses.models import LessonCompletion, LessonPage
from tests.factories.certificates import COMPLETED_AT
from tests.factories.courses import EnrolmentFactory, ask, read_lessons
from tests.factories.geography import unit
from tests.factories.rows import status_of
from tests.shared import shared


@pytest.fixture
def queued(monkeypatch):
    """The enrolments whose certificate was asked for."""
    ids = []
    monkeypatch.setattr(tasks.issue_certificate, "delay", ids.append)
    return ids


@shared
def learner(run, template):
    """Has read every lesson that the class asks for."""
    ask(run, lessons={"percent": 100})
    enrolment = EnrolmentFactory(run=run, unit=unit("13591"))
    read_lessons(enrolment, *LessonPage.objects.descendant_of(run.course), at=COMPLETED_AT)
    return enrolment


def evaluate_now(enrolment):
    return evaluate(enrolment_id=enrolment.pk, at=COMPLETED_AT)


def test_completion_asks_for_the_certificate_after_the_commit(
    learner, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert evaluate_now(learner).changed
        assert queued == []

    assert queued == [learner.pk]


def test_completion_that_is_undone_asks_for_nothing(
    learner, queued, django_capture_on_commit_callbacks
):
    def complete_and_fail():
        with transaction.atomic():
            evaluate_now(learner)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        complete_and_fail()

    assert queued == []


def test_broker_that_is_down_costs_nobody_the_completion(
    learner, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(enrolment_id):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.issue_certificate, "delay", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        assert evaluate_now(learner).is_complete

    assert "ConnectionRefusedError" in caplog.text
    tasks.issue_outstanding()
    assert Certificate.objects.get().enrolment == learner


def test_task_issues_and_renders(enrolment, template):
    tasks.issue_certificate(enrolment.pk)
    tasks.issue_certificate(enrolment.pk)

    assert Certificate.objects.get().file


def test_correction_puts_the_certificate_under_review_or_falls_with_it(
    learner, queued, monkeypatch
):
    evaluate_now(learner)
    tasks.issue_certificate(learner.pk)
    LessonCompletion.objects.first().delete()
    with monkeypatch.context() as broken:
        broken.setattr("certificates.receivers.flag_certificate", lambda **_facts: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            evaluate_now(learner)
    assert status_of(learner) == "completed"
    assert Certificate.objects.get().status == CertificateStatus.VALID

    assert not evaluate_now(learner).is_complete
    certificate = Certificate.objects.get()
    assert certificate.status == CertificateStatus.FLAGGED
    assert certificate.events.last().reason.startswith("Bài học: ")


def test_review_lasts_through_a_second_completion(learner, queued):
    evaluate_now(learner)
    tasks.issue_certificate(learner.pk)
    lesson = LessonCompletion.objects.first()
    lesson.delete()
    evaluate_now(learner)
    lesson.save(force_insert=True)
    assert evaluate_now(learner).is_complete

    tasks.issue_certificate(learner.pk)

    assert Certificate.objects.get().status == CertificateStatus.FLAGGED
