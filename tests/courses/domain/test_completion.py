from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import IntegerField, Value
from django.forms import Form

from courses.domain.completion import evaluate, evaluate_many, find_progress
from courses.domain.progress import progress_of
from courses.domain.requirements_met import is_met
from courses.enums import EnrolmentStatus
from courses.extensions import CompletionCriterion, CriterionResult, completion_criteria
from courses.models import CompletionRequirement, CriterionProgress, Enrolment, LessonCompletion
from courses.signals import completion_withdrawn, enrolment_completed
from lms.core.change_journal import record_new
from lms.core.take_back import take_back
from tests.factories.courses import HANOI, EnrolmentFactory, ask, make_run, read_lessons
from tests.factories.geography import unit
from tests.factories.rows import status_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("time: days and moments in sub-queries")]

AT = datetime(2014, 5, 7, 17, 0, tzinfo=HANOI)
ALL_LESSONS = {"lessons": {"percent": 100}}


@pytest.fixture
def heard():
    """(signal name, enrolment id, keys of what is missing) in the order of sending."""
    calls = []

    def on_completed(sender, enrolment, **_):
        calls.append(("completed", enrolment.pk, []))

    def on_withdrawn(sender, enrolment, reasons, **_):
        calls.append(("withdrawn", enrolment.pk, [reason.key for reason in reasons]))

    enrolment_completed.connect(on_completed)
    completion_withdrawn.connect(on_withdrawn)
    yield calls
    enrolment_completed.disconnect(on_completed)
    completion_withdrawn.disconnect(on_withdrawn)


def result(*, met, required):
    return CriterionResult("x", "X", met, required if met else 0, required, str)


def test_evaluate_everything_met_completes_once(run, enrolment, lessons, heard):
    read_lessons(enrolment, *lessons)
    # Whoever has done it all completes nothing while nothing is asked.
    assert not evaluate(enrolment_id=enrolment.pk, at=AT).is_complete
    ask(run, **ALL_LESSONS)

    first, again = (evaluate(enrolment_id=enrolment.pk, at=AT + timedelta(days=n)) for n in (0, 1))

    enrolment.refresh_from_db()
    assert [(one.is_complete, one.changed) for one in (first, again)] == [
        (True, True),
        (True, False),
    ]
    kept = (enrolment.status, enrolment.completed_at, enrolment.completed_version)
    assert kept == (EnrolmentStatus.COMPLETED, AT, 1)
    assert heard == [("completed", enrolment.pk, [])]


def test_evaluate_something_missing_tells_the_figure(run, enrolment, lessons):
    ask(run, **ALL_LESSONS)
    read_lessons(enrolment, lessons[0])

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    assert not evaluation.is_complete
    assert not evaluation.changed
    [line] = evaluation.results
    assert (line.key, line.met, line.achieved, line.required) == ("lessons", False, 1, 2)
    # Looked at alone, what is met changes nothing.
    read_lessons(enrolment, lessons[1])
    [row] = find_progress(run=run, enrolment_ids=[enrolment.pk])
    enrolment.refresh_from_db()
    assert (row.met, enrolment.status) == (True, EnrolmentStatus.ACTIVE)


def test_evaluate_after_correction_withdraws_with_reasons(run, enrolment, lessons, heard):
    ask(run, **ALL_LESSONS)
    read_lessons(enrolment, *lessons)
    evaluate(enrolment_id=enrolment.pk, at=AT)
    LessonCompletion.objects.filter(lesson=lessons[1]).delete()

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    enrolment.refresh_from_db()
    assert evaluation.changed
    assert (enrolment.status, enrolment.completed_at, enrolment.completed_version) == (
        EnrolmentStatus.ACTIVE,
        None,
        None,
    )
    assert heard == [("completed", enrolment.pk, []), ("withdrawn", enrolment.pk, ["lessons"])]


def test_evaluate_withdrawn_enrolment_is_left_alone(run, lessons, heard):
    ask(run, **ALL_LESSONS)
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN)
    read_lessons(enrolment, *lessons)

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    enrolment.refresh_from_db()
    assert [line.met for line in evaluation.results] == [True]
    assert not evaluation.is_complete
    assert enrolment.status == EnrolmentStatus.WITHDRAWN
    assert heard == []


def test_evaluate_nothing_of_one_kind_is_never_met_and_keeps_the_rest_from_completing(
    run, enrolment, lessons
):
    # The course has no quiz: none of none is never met.
    ask(run, **ALL_LESSONS, quizzes={"pass_percent": 50})
    read_lessons(enrolment, *lessons)

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    found = {line.key: (line.met, line.required) for line in evaluation.results}
    assert found == {"lessons": (True, 2), "quizzes": (False, 0)}
    assert not evaluation.is_complete


def test_evaluate_criterion_of_missing_app_is_passed_over(run, enrolment, lessons):
    ask(run, **ALL_LESSONS, not_installed={"percent": 100})
    read_lessons(enrolment, *lessons)

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    assert evaluation.is_complete
    assert [line.key for line in evaluation.results] == ["lessons"]


def test_evaluate_asks_the_latest_version_only(run, enrolment, lessons):
    ask(run, **ALL_LESSONS)
    CompletionRequirement.objects.create(
        run=run, version=2, criterion="lessons", params={"percent": 50}
    )
    read_lessons(enrolment, lessons[0])

    evaluate(enrolment_id=enrolment.pk, at=AT)

    enrolment.refresh_from_db()
    assert enrolment.completed_version == 2


def test_evaluate_unknown_enrolment_raises(db):
    with pytest.raises(Enrolment.DoesNotExist):
        evaluate(enrolment_id=404, at=AT)


def test_evaluate_receiver_that_raises_undoes_the_completion(run, enrolment, lessons):
    ask(run, **ALL_LESSONS)
    read_lessons(enrolment, *lessons)

    def refuse(sender, **_):
        raise RuntimeError

    enrolment_completed.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            evaluate(enrolment_id=enrolment.pk, at=AT)
    finally:
        enrolment_completed.disconnect(refuse)

    assert status_of(enrolment) == EnrolmentStatus.ACTIVE


def test_evaluate_many_returns_the_changed_ones_of_the_class(run, course, lessons, heard):
    ask(run, **ALL_LESSONS)
    done, half, before = (EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(3))
    other = EnrolmentFactory(run=make_run(course, unit("353")), unit=unit("13591"))
    read_lessons(done, *lessons)
    read_lessons(half, lessons[0])
    read_lessons(before, *lessons)
    read_lessons(other, *lessons)
    evaluate(enrolment_id=before.pk, at=AT)
    heard.clear()

    ids = [done.pk, half.pk, before.pk, other.pk]
    changed = evaluate_many(run=run, enrolment_ids=ids, at=AT)

    assert [enrolment.pk for enrolment in changed] == [done.pk]
    assert heard == [("completed", done.pk, [])]


@pytest.mark.parametrize("count", [1, 30])
def test_evaluate_many_query_count_is_constant(run, lessons, django_assert_num_queries, count):
    ask(run, **ALL_LESSONS)
    people = [EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(count)]
    for enrolment in people:
        read_lessons(enrolment, *lessons)

    # The lock, the requirements, one judgement, one write and its moment; their rows, which differ
    # in nothing.
    with django_assert_num_queries(6):
        changed = evaluate_many(run=run, enrolment_ids=[e.pk for e in people], at=AT)

    assert len(changed) == count


@pytest.mark.parametrize("count", [1, 3])
def test_progress_of_a_page_of_a_list_costs_the_same_queries(
    run, lessons, django_assert_num_queries, count
):
    ask(run, **ALL_LESSONS, quizzes={"pass_percent": 50})
    people = [EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(count + 1)]
    for enrolment in people:
        read_lessons(enrolment, lessons[0])
    page = [enrolment.pk for enrolment in people[:0:-1]]

    with django_assert_num_queries(1):
        progress = progress_of(enrolment_ids=page)

    assert list(progress) == page
    assert [[line.achieved for line in lines] for lines in progress.values()] == [[1, 0]] * count


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], False),
        ([result(met=False, required=0)], False),
        ([result(met=True, required=1), result(met=True, required=2)], True),
        ([result(met=True, required=1), result(met=False, required=2)], False),
    ],
)
def test_is_met(results, expected):
    assert is_met(results) is expected


class Signed(CompletionCriterion):
    """A plug-in's criterion: everybody of even id has signed."""

    key = "signed"
    label = "Signed"
    params_form = Form

    def default_params(self):
        return {}

    def annotate(self, enrolments, *, run, params):
        return enrolments.annotate(
            signed_achieved=Value(params["signed"], output_field=IntegerField()),
            signed_required=Value(1),
        )

    def explain(self, *, achieved, required, params, details=()):
        return f"{achieved}/{required}"


@pytest.fixture
def signed():
    criterion = Signed()
    completion_criteria.register(criterion)
    yield criterion
    completion_criteria._entries.pop(criterion.key)


@pytest.mark.parametrize(("given", "complete"), [(0, False), (1, True)])
def test_evaluate_asks_the_criterion_of_a_plug_in(run, enrolment, lessons, signed, given, complete):
    ask(run, **ALL_LESSONS, signed={"signed": given})
    read_lessons(enrolment, *lessons)

    evaluation = evaluate(enrolment_id=enrolment.pk, at=AT)

    assert evaluation.is_complete is complete
    result = evaluation.results[1]
    assert result == CriterionResult("signed", "Signed", complete, given, 1, str)
    assert result.explanation == f"{given}/1"


def test_undone_enrolment_goes_with_what_was_worked_out_of_it(run, enrolment, lessons):
    ask(run, **ALL_LESSONS)
    evaluate(enrolment_id=enrolment.pk, at=AT)
    assert CriterionProgress.objects.filter(enrolment=enrolment).exists()

    assert take_back(changes=[record_new(enrolment, ["status"])]) == [[]]

    assert not Enrolment.objects.exists()
    assert not CriterionProgress.objects.exists()
