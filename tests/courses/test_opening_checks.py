"""What is told before a class opens, by every app; only what is missing keeps it shut."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from attendance.domain.sessions.conflicts import find_clashes
from courses.domain.opening import findings_of
from courses.domain.runs import requirements_in_force
from courses.enums import FindingLevel, RunStatus
from courses.models import CourseEdition, LessonPage
from tests.factories.accounts import UserFactory
from tests.factories.attendance import SessionFactory
from tests.factories.certificates import CertificateTemplateFactory
from tests.factories.courses import HANOI, EnrolmentFactory, ask, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import numbers
from tests.shared import shared

MORNING = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)


@shared
def planned(run):
    set_fields(run, status=RunStatus.PLANNED, edition=None)
    return run


def texts(run, reader, level):
    return [one.text for one in findings_of(run=run, reader=reader) if one.level == level]


def doubts(run, reader):
    return texts(run, reader, FindingLevel.DOUBTFUL)


def mentioned(text, run, reader):
    return [one for one in doubts(run, reader) if text in one]


def test_class_with_everything_is_only_told_what_is_there(planned, quiz, coordinator):
    set_fields(planned, ends_on=date(2099, 5, 7))
    planned.trainers.add(UserFactory(full_name="Trần Văn Giảng"))
    EnrolmentFactory(run=planned, unit=unit("13384"))
    SessionFactory(run=planned)
    CertificateTemplateFactory()

    good = texts(planned, coordinator, FindingLevel.GOOD)

    assert not texts(planned, coordinator, FindingLevel.MISSING)
    assert len(good) == 6
    assert any("Trần Văn Giảng" in line for line in good)


def test_course_without_a_lesson_keeps_the_class_shut_until_it_has_one(planned, as_coordinator):
    LessonPage.objects.update(live=False)
    address = reverse("runs:open", args=[planned.pk])

    asked = as_coordinator.get(address)
    as_coordinator.post(address)

    planned.refresh_from_db()
    assert asked.context["is_kept_shut"]
    assert planned.status == RunStatus.PLANNED
    assert not CourseEdition.objects.filter(course=planned.course, modules__isnull=True).exists()


def test_what_is_doubtful_is_named_and_does_not_keep_it_shut(planned, as_coordinator):
    address = reverse("runs:open", args=[planned.pk])

    asked = as_coordinator.get(address)
    as_coordinator.post(address)

    planned.refresh_from_db()
    acts = {one.url for one in asked.context["findings"] if one.level == FindingLevel.DOUBTFUL}
    assert acts >= {
        reverse("runs:edit", args=[planned.pk]),
        reverse("runs:enrol", args=[planned.pk]),
        reverse("attendance:session_new", args=[planned.pk]),
    }
    assert planned.status == RunStatus.OPEN


def test_session_outside_the_days_is_named_and_looking_writes_no_edition(planned, coordinator):
    before = CourseEdition.objects.count()
    SessionFactory(run=planned, title="Buổi lạc", starts_at=MORNING - timedelta(days=20))

    assert mentioned("Buổi lạc", planned, coordinator)
    assert CourseEdition.objects.count() == before


def test_lesson_of_no_minutes_is_counted(planned, lessons, coordinator):
    before = doubts(planned, coordinator)
    set_fields(lessons[0], minutes=0)

    assert len(doubts(planned, coordinator)) == len(before) + 1


class TestClashes:
    @pytest.fixture
    def other(self, planned):
        SessionFactory(run=planned, starts_at=MORNING)
        other = make_run(planned.course, unit("350"), title="Lớp trùng giờ", place="Nhà văn hoá")
        SessionFactory(run=other, place="Nhà văn hoá", starts_at=MORNING + timedelta(minutes=209))
        return other

    def test_trainer_of_both_is_named(self, planned, other, coordinator):
        trainer = UserFactory(full_name="Trần Văn Giảng")
        planned.trainers.add(trainer)
        other.trainers.add(trainer)

        (told,) = mentioned("Lớp trùng giờ", planned, coordinator)

        assert "Trần Văn Giảng" in told

    def test_trainee_of_both_is_named_to_those_who_may_see_the_person(
        self, planned, other, coordinator
    ):
        seen = EnrolmentFactory(run=planned, unit=unit("13384"), user__full_name="Đỗ Thị Thấy")
        hidden = EnrolmentFactory(run=planned, unit=unit("13591"), user__full_name="Lê Thị Lạ")
        for one in (seen, hidden):
            EnrolmentFactory(run=other, unit=one.unit, user=one.user)

        (told,) = mentioned("Lớp trùng giờ", planned, coordinator)

        assert 2 in numbers(told)
        assert "Đỗ Thị Thấy" in told
        assert "Lê Thị Lạ" not in told

    def test_hall_of_both_is_named_however_it_is_written(self, planned, other, coordinator):
        other.sessions.update(place="hội trường HUYỆN")

        (told,) = mentioned("Lớp trùng giờ", planned, coordinator)

        assert "Hội trường huyện" in told

    @pytest.mark.parametrize("apart", ["cancelled", "another unit", "begins as the other ends"])
    def test_hall_of_a_class_that_does_not_meet_there_then_is_free(
        self, planned, other, coordinator, apart
    ):
        other.sessions.update(place="Hội trường huyện")
        end = MORNING + timedelta(minutes=210)
        if apart == "cancelled":
            set_fields(other, status=RunStatus.CANCELLED)
        elif apart == "another unit":
            set_fields(other, unit=unit("353"))
        else:
            other.sessions.update(starts_at=end, ends_at=end + timedelta(minutes=90))

        assert not mentioned("Lớp trùng giờ", planned, coordinator)

    def test_only_the_session_at_that_time_is_named(self, planned, other, coordinator):
        SessionFactory(run=planned, title="Buổi chiều", starts_at=MORNING + timedelta(hours=9))
        other.sessions.update(place="Hội trường huyện")

        (told,) = mentioned("Lớp trùng giờ", planned, coordinator)

        assert "Buổi chiều" not in told

    def test_nothing_clashes_with_a_class_without_sessions(self, planned, coordinator):
        assert find_clashes(run=planned, periods=[], reader=coordinator) == []

    @pytest.mark.parametrize("count", [1, 4])
    def test_clashes_cost_the_same_queries_whatever_their_number(
        self, planned, other, coordinator, count, django_assert_num_queries
    ):
        for _ in range(count):
            one = EnrolmentFactory(run=planned, unit=unit("13384"))
            EnrolmentFactory(run=other, unit=one.unit, user=one.user)
        periods = list(planned.sessions.prefetch_related("trainers"))

        with django_assert_num_queries(8):
            find_clashes(run=planned, periods=periods, reader=coordinator)


class TestHours:
    """A class that asks for hours it does not hold can never be completed; that is told before."""

    @pytest.fixture
    def told(self, planned, coordinator):
        """What is told of the hours, by what was set and which sessions there are."""

        def tell(*, asked, required):
            if asked:
                ask(planned, **{asked: {"percent": 100}})
            if required is not None:
                SessionFactory(run=planned, is_required=required)
            with override("en"):
                return mentioned("nobody can ever complete it", planned, coordinator)

        return tell

    @pytest.mark.parametrize(
        ("asked", "required", "count"),
        [
            (None, None, 1),
            ("attendance_hours", None, 1),
            ("attendance_hours", False, 1),
            ("attendance_hours", True, 0),
            ("lessons", None, 0),
            ("lessons", False, 0),
        ],
    )
    def test_class_without_hours(self, told, asked, required, count):
        assert len(told(asked=asked, required=required)) == count


def test_page_of_requirements_shows_what_will_apply(planned, quiz, as_coordinator):
    address = reverse("runs:requirements", args=[planned.pk])

    page = as_coordinator.get(address)
    shown = {
        line.criterion.key: line.params.initial for line in page.context["form"] if line.is_asked
    }
    as_coordinator.post(reverse("runs:open", args=[planned.pk]))

    applied = {row.criterion: row.params for row in requirements_in_force(run=planned)}
    assert page.context["shows_defaults"]
    assert shown == applied
    assert "lessons" in applied
    assert not as_coordinator.get(address).context["shows_defaults"]
