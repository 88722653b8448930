"""What every registered criterion keeps, whichever app brought it."""

import json
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from courses.domain.completion import evaluate_many
from courses.domain.progress import progress_of
from courses.domain.runs import open_run
from courses.enums import RunStatus
from courses.extensions import completion_criteria
from courses.models import CourseRun
from tests.factories.courses import HANOI, EnrolmentFactory
from tests.factories.geography import unit

pytestmark = pytest.mark.django_db

EACH = pytest.mark.parametrize("criterion", list(completion_criteria), ids=lambda one: one.key)


@EACH
def test_defaults_fit_the_form_and_the_database(criterion):
    defaults = criterion.default_params()
    form = criterion.params_form(defaults)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == defaults
    assert json.loads(json.dumps(defaults)) == defaults


@EACH
@pytest.mark.parametrize("rows", [1, 3])
def test_annotation_judges_without_a_query_a_row(
    criterion, run, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        EnrolmentFactory(run=run, unit=unit("13384"))
    run = CourseRun.objects.select_related("course").get(pk=run.pk)
    params = criterion.default_params()

    with django_assert_max_num_queries(3):
        annotated = list(criterion.annotate(run.enrolments.all(), run=run, params=params))
        results = [criterion.judge(enrolment, params=params) for enrolment in annotated]
    ids = [enrolment.pk for enrolment in annotated]
    with django_assert_max_num_queries(1):
        criterion.details(ids, run=run, params=params)

    assert len(annotated) == rows
    assert {result.key for result in results} == {criterion.key}
    assert all(result.explanation.endswith(".") for result in results)


@EACH
@pytest.mark.parametrize("figures", [(0, 0), (0, 3), (1, 3), (3, 3)])
def test_explanation_is_a_sentence(criterion, figures):
    achieved, required = figures

    explained = criterion.explain(
        achieved=achieved, required=required, params=criterion.default_params()
    )

    assert explained.endswith(".")


def test_class_asks_all_criteria_that_are_installed(run, lessons, quiz):
    CourseRun.objects.update(status=RunStatus.PLANNED)
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))

    open_run(run=run, at=datetime(2014, 5, 6, tzinfo=HANOI))
    progress = progress_of(enrolment_ids=[enrolment.pk])

    keys = [criterion.key for criterion in completion_criteria]
    assert [line.key for line in progress[enrolment.pk]] == keys
    assert evaluate_many(run=run, enrolment_ids=[enrolment.pk], at=enrolment.enrolled_at) == []


def test_key_taken_twice_stops_the_start():
    taken = next(iter(completion_criteria))

    with pytest.raises(ImproperlyConfigured):
        completion_criteria.register(taken)
