"""A page goes public, or is taken down, when its editor said so."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published, page_unpublished

from courses.domain.editions import last_edition
from courses.domain.scheduled_pages import carry_out_schedules
from courses.models import LessonPage
from courses.tasks import carry_out_schedules as tick

NOW = timezone.now()
BEFORE, LONG_BEFORE = NOW - timedelta(minutes=1), NOW - timedelta(hours=1)


@pytest.fixture
def scheduled(module, lessons):
    """A new lesson that was to go public a minute ago."""
    lesson = LessonPage(title="Bài hẹn giờ", as_of="2014", body=[], live=False, go_live_at=BEFORE)
    module.add_child(instance=lesson)
    lesson.save_revision(approved_go_live_at=BEFORE)
    return lesson


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def test_page_goes_public_at_its_time_and_not_before(scheduled):
    assert (carry_out_schedules(at=LONG_BEFORE), is_live(scheduled)) == (0, False)

    assert (carry_out_schedules(at=NOW), is_live(scheduled)) == (1, True)
    assert carry_out_schedules(at=NOW) == 0
    assert PageLogEntry.objects.filter(
        page=scheduled.pk, action="wagtail.publish.scheduled"
    ).exists()


def test_page_that_expires_is_taken_down_and_classes_keep_it(run, course, lessons):
    Page.objects.filter(pk=lessons[0].pk).update(expire_at=BEFORE)

    assert carry_out_schedules(at=NOW) == 1

    assert not is_live(lessons[0])
    assert last_edition(course).lessons.filter(lesson=lessons[0]).exists()


def test_one_that_fails_does_not_stop_the_rest(scheduled, lessons, monkeypatch, caplog):
    Page.objects.filter(pk=lessons[0].pk).update(expire_at=BEFORE)

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(Page, "unpublish", fail)

    assert (carry_out_schedules(at=NOW), is_live(scheduled)) == (1, True)
    assert is_live(lessons[0])
    assert "could not be carried out" in caplog.text


def test_beat_asks_for_it(scheduled):
    assert settings.CELERY_BEAT_SCHEDULE["courses.schedules"]["task"] == tick.name

    tick()

    assert is_live(scheduled)


@pytest.fixture
def while_it_runs():
    """Lets an editor act while the first page of the tick goes public or is taken down."""
    connected = []

    def let(signal, act):
        def receive(**_sent):
            act()

        signal.connect(receive)
        connected.append((signal, receive))

    yield let
    for signal, receive in connected:
        signal.disconnect(receive)


def test_page_whose_schedule_is_cancelled_meanwhile_stays_a_draft(scheduled, module, while_it_runs):
    first = LessonPage(title="Bài trước", as_of="2014", body=[], live=False, go_live_at=LONG_BEFORE)
    module.add_child(instance=first)
    first.save_revision(approved_go_live_at=LONG_BEFORE)
    while_it_runs(page_published, lambda: scheduled.revisions.update(approved_go_live_at=None))

    assert carry_out_schedules(at=NOW) == 1

    assert (is_live(first), is_live(scheduled)) == (True, False)


def test_page_that_is_saved_meanwhile_is_taken_down_as_it_was_saved(run, lessons, while_it_runs):
    first, second, third = (Page.objects.filter(pk=one.pk) for one in [*lessons, run.course][:3])
    first.update(expire_at=LONG_BEFORE)
    for later in (second, third):
        later.update(expire_at=BEFORE)

    def save():
        second.update(title="Tên mới")
        third.update(expire_at=None)

    while_it_runs(page_unpublished, save)

    assert carry_out_schedules(at=NOW) == 2

    assert second.get().title == "Tên mới"
    assert [one.get().live for one in (first, second, third)] == [False, False, True]
