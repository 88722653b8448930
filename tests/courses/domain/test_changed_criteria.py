"""One criterion is judged anew, the others are taken as kept: never where a status hangs on it."""

from datetime import datetime

import pytest
from django.db.models import IntegerField, Value
from django.forms import Form

from courses.domain.completion import evaluate, evaluate_many
from courses.domain.progress import kept_progress
from courses.enums import EnrolmentStatus
from courses.extensions import CompletionCriterion, completion_criteria
from courses.models import CompletionRequirement, CriterionProgress
from tests.factories.courses import HANOI, ask, read_lessons
from tests.factories.rows import status_of

AT = datetime(2014, 5, 7, 17, 0, tzinfo=HANOI)


class Asked(CompletionCriterion):
    """Achieved is what `figures` holds at the moment; counts how often it is asked."""

    label = "x"
    params_form = Form

    def __init__(self, key):
        self.key, self.figure, self.times = key, 0, 0

    def default_params(self):
        return {}

    def annotate(self, enrolments, *, run, params):
        self.times += 1
        figures = {
            f"{self.key}_achieved": Value(self.figure, output_field=IntegerField()),
            f"{self.key}_required": Value(1, output_field=IntegerField()),
        }
        return enrolments.annotate(**figures)

    def explain(self, *, achieved, required, params, details=()):
        return "x."


@pytest.fixture
def hours(monkeypatch):
    return register(monkeypatch, "x_hours")


@pytest.fixture
def opinion(monkeypatch):
    return register(monkeypatch, "x_opinion")


def register(monkeypatch, key):
    criterion = Asked(key)
    monkeypatch.setitem(completion_criteria._entries, key, criterion)
    return criterion


@pytest.fixture
def judged(run, enrolment, hours, opinion):
    """Both are asked and were judged once: nothing is met."""
    ask(run, x_opinion={}, x_hours={})
    evaluate(enrolment_id=enrolment.pk, at=AT)
    hours.times = opinion.times = 0
    return enrolment


def judge_hours(run, enrolment):
    return evaluate_many(run=run, enrolment_ids=[enrolment.pk], at=AT, changed=("x_hours",))


def achieved(enrolment):
    kept = kept_progress(enrolment_ids=[enrolment.pk])
    return {criterion: row.achieved for (_pk, criterion), row in kept.items()}


def test_others_are_not_asked_while_one_of_them_is_not_met(run, judged, hours, opinion):
    hours.figure = 1

    assert judge_hours(run, judged) == []
    assert (hours.times, opinion.times) == (1, 0)
    assert achieved(judged) == {"x_hours": 1, "x_opinion": 0}


def test_completion_never_hangs_on_what_is_kept(run, judged, hours, opinion):
    CriterionProgress.objects.filter(criterion="x_opinion").update(achieved=1, met=True)
    hours.figure = 1

    assert judge_hours(run, judged) == []
    assert opinion.times == 1
    assert achieved(judged) == {"x_hours": 1, "x_opinion": 0}


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [(0, 1, EnrolmentStatus.COMPLETED), (1, 0, EnrolmentStatus.ACTIVE)],
)
def test_whoever_has_all_completes_and_whoever_lacks_something_again_does_no_more(
    run, judged, hours, opinion, before, now, status
):
    opinion.figure, hours.figure = 1, before
    evaluate(enrolment_id=judged.pk, at=AT)
    hours.figure = now

    assert judge_hours(run, judged) == [judged]
    assert status_of(judged) == status


@pytest.mark.parametrize("missing", ["row", "version"])
def test_all_are_asked_where_something_is_not_kept_as_it_is_asked_today(
    run, judged, hours, opinion, missing
):
    if missing == "row":
        CriterionProgress.objects.filter(criterion="x_opinion").delete()
    else:
        for key in ("x_opinion", "x_hours"):
            CompletionRequirement.objects.create(run=run, version=2, criterion=key, params={})

    judge_hours(run, judged)

    assert opinion.times == 1
    assert achieved(judged) == {"x_hours": 0, "x_opinion": 0}


def test_class_that_does_not_ask_for_it_is_left_as_it_is(run, enrolment, lessons, hours):
    ask(run, lessons={"percent": 100})
    read_lessons(enrolment, lessons[0])
    evaluate(enrolment_id=enrolment.pk, at=AT)
    before = achieved(enrolment)

    assert judge_hours(run, enrolment) == []
    assert achieved(enrolment) == before
    assert hours.times == 0
