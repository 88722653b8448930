"""A pre-test and a post-test: their order, what decides nothing, and what came of both."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from courses.criteria import QuizzesPassed
from courses.domain.completion import evaluate
from courses.domain.editions import freeze_edition, live_outline, write_outline
from courses.domain.gains import (
    FirstTry,
    Gain,
    annotate_pair,
    class_gain,
    gain_between,
    gains_by,
    people_gains,
)
from courses.domain.lessons import complete_lesson
from courses.domain.quiz_pairs import check_purpose
from courses.domain.quiz_results import shows_key
from courses.domain.quizzes import start_attempt
from courses.domain.transcript import transcript_of
from courses.domain.tree_queries import tree_of
from courses.enums import EnrolmentStatus, QuizPurpose
from courses.models import CourseEdition, CourseRun, Enrolment, LessonPage, ModulePage
from lms.accounts.enums import Role
from lms.reporting.training_figures import FIGURES
from tests.courses.views.conftest import enrolled, take
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.courses import EVENING, ask, make_course, make_quiz, refreeze
from tests.factories.files import sheet_rows
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared

PRE, POST = QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST


@pytest.mark.parametrize(
    ("before", "after", "gain"),
    [
        (FirstTry(1, 40), FirstTry(2, 75), Gain(40, 75)),
        (FirstTry(1, 0), FirstTry(2, 0), Gain(0, 0)),
        (None, FirstTry(2, 75), None),
        (FirstTry(1, 40), None, None),
        (FirstTry(1, None), FirstTry(2, 75), None),
        (FirstTry(1, 40), FirstTry(2, None), None),
        # A pre-test that was begun afterwards.
        (FirstTry(3, 40), FirstTry(2, 75), None),
    ],
)
def test_gain_between(before, after, gain):
    assert gain_between(before, after) == gain


@pytest.mark.parametrize(("after", "points"), [(75, 35), (40, 0), (10, -30)])
def test_gain_says_which_way_it_went(after, points):
    gain = Gain(40, after)

    assert gain.points == points
    assert f"{abs(points)}" in gain.in_words or points == 0


@shared
def course(edition):
    return make_course(modules=2, lessons=1)


@shared
def pair(course):
    """The quiz of the second module before the training, that of the first after it."""
    after, before = (make_quiz(one, 4) for one in ModulePage.objects.child_of(course))
    set_fields(before, purpose=PRE, max_attempts=1)
    set_fields(after, purpose=POST)
    refreeze()
    return before, after


def gain_of(run, reader):
    return class_gain(run=annotate_pair(CourseRun.objects.all()).get(pk=run.pk), reader=reader)


@pytest.mark.django_db
class TestOrder:
    def test_pre_test_is_the_first_step_though_its_module_comes_later(self, enrolment, pair):
        step = tree_of(enrolment=enrolment).next_step()

        assert (step.is_quiz, step.pk) == (True, pair[0].pk)

    def test_pre_test_is_not_pressed_on_those_who_read_already(self, enrolment, pair):
        for lesson in LessonPage.objects.all():
            complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)

        assert tree_of(enrolment=enrolment).next_step().pk == pair[1].pk

        take(enrolment, pair[1], EVENING, right=4)

        tree = tree_of(enrolment=enrolment)
        assert tree.next_step() is None
        assert not tree.quiz_of(pair[0].pk).is_open

    def test_a_begun_pre_test_is_handed_in_before_the_post_test(self, enrolment, pair):
        start_attempt(enrolment=enrolment, quiz=pair[0], at=EVENING)

        with raises_refusal("pre_test_open"):
            start_attempt(enrolment=enrolment, quiz=pair[1], at=EVENING)
        assert tree_of(enrolment=enrolment).next_step().pk == pair[0].pk

    def test_no_pre_test_after_the_post_test(self, enrolment, pair):
        take(enrolment, pair[1], EVENING, right=1)

        with raises_refusal("pre_test_too_late"):
            start_attempt(enrolment=enrolment, quiz=pair[0], at=EVENING)

    def test_pre_test_is_taken_once(self, enrolment, pair):
        take(enrolment, pair[0], EVENING, right=1)

        with raises_refusal("attempts_used_up"):
            start_attempt(enrolment=enrolment, quiz=pair[0], at=EVENING)
        with pytest.raises(IntegrityError):
            set_fields(pair[0], max_attempts=2)


@pytest.mark.django_db
class TestDecidesNothing:
    def test_completion_asks_the_post_test_alone(self, run, enrolment, pair):
        ask(run, quizzes={"pass_percent": 70})
        take(enrolment, pair[0], EVENING, right=0)
        take(enrolment, pair[1], EVENING, right=4)

        evaluate(enrolment_id=enrolment.pk, at=EVENING)

        assert Enrolment.objects.get(pk=enrolment.pk).status == EnrolmentStatus.COMPLETED

    def test_a_good_pre_test_passes_nothing(self, run, enrolment, pair):
        ask(run, quizzes={"pass_percent": 70})
        take(enrolment, pair[0], EVENING, right=4)

        node = tree_of(enrolment=enrolment).quiz_of(pair[0].pk)
        assert (node.is_passed, node.is_done) == (False, True)
        assert Enrolment.objects.get(pk=enrolment.pk).status == EnrolmentStatus.ACTIVE

    def test_a_class_with_a_pre_test_alone_cannot_be_asked_for_quizzes(self, run, pair):
        assert QuizzesPassed().applies_to(run)
        run.edition.quizzes.filter(purpose=POST).delete()

        assert not QuizzesPassed().applies_to(run)


@pytest.mark.django_db
class TestKey:
    def test_pre_test_never_tells_what_was_right(self, enrolment, pair):
        attempt = take(enrolment, pair[0], EVENING, right=4)
        answer = browse(enrolment.user).get(reverse("courses:quiz_result", args=[attempt.pk]))

        assert answer.context["is_pre_test"]
        page = html_of(answer)
        assert "Giải thích 1" not in page
        assert "Câu hỏi 1" not in page

    def test_nor_when_the_class_no_longer_asks_it(self, enrolment, pair):
        assert not shows_key(enrolment=enrolment, quiz=pair[0], node=None)
        assert shows_key(enrolment=enrolment, quiz=pair[1], node=None)


@pytest.mark.django_db
class TestOneOfEach:
    def test_a_course_has_one_pre_test(self, pair):
        other = ModulePage.objects.child_of(make_course(code="p3")).get()
        elsewhere = make_quiz(other, prefix="P3-")
        elsewhere.purpose = PRE
        check_purpose(quiz=elsewhere)
        # It may stay what it is; nothing keeps ordinary ones apart.
        for purpose in (POST, ""):
            pair[1].purpose = purpose
            check_purpose(quiz=pair[1])

        pair[1].purpose = PRE
        with raises_refusal("purpose_taken"):
            check_purpose(quiz=pair[1])

    def test_no_edition_has_two(self, course, pair):
        set_fields(pair[1], purpose=PRE, max_attempts=1)

        with raises_refusal("purpose_taken"):
            freeze_edition(course=course, at=EVENING)
        edition = CourseEdition.objects.create(course=course, number=9, created_at=EVENING)
        with pytest.raises(IntegrityError):
            write_outline(edition=edition, outline=live_outline(course), at=EVENING)

    def test_what_a_quiz_is_for_makes_another_edition(self, course, run, pair):
        known = freeze_edition(course=course, at=EVENING)
        set_fields(pair[0], purpose="")

        assert freeze_edition(course=course, at=EVENING).number == known.number + 1


@shared
def results(run, pair):
    """Of five people: two better, one worse, one the pre-test alone, one nothing; one withdrew."""

    def of(name, *rights, **fields):
        one = enrolled(run, name, **fields)
        for quiz, right in zip((pair[0], pair[1], pair[1]), rights, strict=False):
            if right is not None:
                take(one, quiz, EVENING, right=right)
        return one

    people = [of("A", 1, 3, 4), of("B", 2, 4), of("C", 3, 2), of("D", 1), of("E")]
    gone = of("G", 0, 4)
    set_fields(gone, status=EnrolmentStatus.WITHDRAWN)
    return people


@pytest.mark.django_db
class TestClass:
    def test_first_tries_of_who_took_both_are_compared(self, run, results):
        boss = make_official(Role.ADMINISTRATOR, "35")

        gain = gain_of(run, boss)

        assert (gain.both, gain.only_before, gain.only_after, gain.neither) == (3, 1, 0, 1)
        assert (gain.before, gain.after, gain.points) == (50, 75, 50)
        assert (gain.more, gain.same, gain.less) == (2, 0, 1)
        assert gain.everybody == 5

    def test_people_outside_the_area_are_not_counted(self, run, results):
        enrolled(run, "Xa", code="13591")
        near = make_official(Role.COORDINATOR, "350")
        far = make_official(Role.COORDINATOR, "353")

        assert gain_of(run, near).everybody == 5
        assert gain_of(run, far).everybody == 1

    @pytest.mark.parametrize("purpose", [PRE, POST])
    def test_one_of_the_two_is_no_pair(self, run, pair, purpose):
        left = pair[0] if purpose == PRE else pair[1]
        set_fields(left, purpose="")
        refreeze()

        assert gain_of(run, make_official(Role.ADMINISTRATOR, "35")) is None

    def test_nobody_yet(self, run, pair, enrolment):
        take(enrolment, pair[1], EVENING, right=4)

        gain = gain_of(run, make_official(Role.ADMINISTRATOR, "35"))

        assert (gain.both, gain.only_after, gain.before, gain.points) == (0, 1, None, None)

    def test_a_class_that_moves_is_judged_by_the_pair_of_its_edition(self, course, run, results):
        """The results of a quiz that the new edition does not compare are no longer compared."""
        boss = make_official(Role.ADMINISTRATOR, "35")
        first = run.edition
        before = first.quizzes.get(purpose=PRE).quiz
        set_fields(before, purpose="")
        run.edition = freeze_edition(course=course, at=EVENING)
        run.save()

        assert gain_of(run, boss) is None
        set_fields(before, purpose=PRE)
        run.edition = freeze_edition(course=course, at=EVENING)
        run.save()
        assert gain_of(run, boss).both == 3

    def test_each_person(self, results):
        shown = people_gains(enrolments=Enrolment.objects.counted().order_by("pk"))

        assert [(one.before, one.after) for one in shown] == [
            (25, 75),
            (50, 100),
            (75, 50),
            (25, None),
            (None, None),
        ]
        assert [one.gain.points for one in shown if one.gain] == [50, 50, -25]


@pytest.mark.django_db
class TestPages:
    def test_the_person_sees_it_everywhere(self, results):
        one = results[0]
        user = one.user
        tree = tree_of(enrolment=one)
        attempt = one.quiz_attempts.filter(quiz=tree.quiz_for(POST).pk).first()

        result = browse(user).get(reverse("courses:quiz_result", args=[attempt.pk]))
        own = browse(user).get(reverse("courses:my_class", args=[one.pk]))

        assert result.context["gain"] == tree.gain == Gain(25, 75)
        assert own.context["tree"].gain == Gain(25, 75)
        words = Gain(25, 75).in_words
        assert words in transcript_of(person=user, reader=user).lines[0].facts

    def test_gains_by_unit_are_those_of_the_class(self, run, results):
        found = gains_by("unit", enrolments=Enrolment.objects.filter(run=run))
        points = sorted(gain.points for gains in found.values() for gain in gains)

        assert points == [-25, 50, 50]
        assert set(found) <= set(run.enrolments.values_list("unit", flat=True))

    @pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.key)
    def test_names_behind_a_figure_are_those_compared(self, run, results, figure):
        everybody = Enrolment.objects.filter(run=run)
        found = figure.find(everybody, first=None, last=None)
        counted = figure.count(everybody, first=None, last=None, by="pk")

        assert set(found) == set(results[:3])
        assert (
            counted
            == {
                "compared": {one.pk: 1 for one in results[:3]},
                "gain": {
                    one.pk: points for one, points in zip(results, (50, 50, -25), strict=False)
                },
            }[figure.key]
        )

    def test_a_transcript_without_pairs_has_no_column_for_them(self, enrolment, pair):
        user = enrolment.user
        plain = transcript_of(person=user, reader=user).headings
        take(enrolment, pair[0], EVENING, right=1)
        take(enrolment, pair[1], EVENING, right=1)

        assert len(transcript_of(person=user, reader=user).headings) == len(plain) + 1

    def test_class_page_and_file(self, as_coordinator, run, results):
        page = as_coordinator.get(reverse("courses:run_detail", args=[run.pk]))
        answer = as_coordinator.get(
            reverse("courses:run_gains_file", args=[run.pk]), {"export": "csv"}
        )

        head, *rows = sheet_rows(b"".join(answer.streaming_content), "csv")
        assert page.context["gain"].both == 3
        assert len(head) == 6
        assert [row[3:] for row in rows][:3] == [
            ["25", "75", "50"],
            ["50", "100", "50"],
            ["75", "50", "-25"],
        ]
        assert len(rows) == 5

    def test_no_file_without_a_pair_or_a_class_of_ones_own(self, as_coordinator, run):
        address = reverse("courses:run_gains_file", args=[run.pk])

        assert as_coordinator.get(address).status_code == 404
        assert browse(UserFactory()).get(address).status_code == 404
