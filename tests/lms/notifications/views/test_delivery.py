"""What became of messages: counted by way, kind, class and district, each figure with its rows."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from lms.accounts.enums import Role
from lms.notifications.domain.delivery import count_all, count_delivery, due_between, in_figure
from lms.notifications.enums import PEOPLE, DeliveryFigure, ReminderState
from lms.notifications.models import DeliveryAttempt, Notice, Reminder
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.shared import shared

PAGE = "/thong-bao/ket-qua/"
STATES = {
    ReminderState.PLANNED: 2,
    ReminderState.SENT: 3,
    ReminderState.FAILED: 1,
    ReminderState.CANCELLED: 1,
    ReminderState.UNCERTAIN: 1,
}


@shared
def world(edition):
    """Eight by mail and two to be called in Kim Bảng, one in Lý Nhân."""
    person = PostingFactory(unit=unit("13387")).user
    for state, number in STATES.items():
        ReminderFactory.create_batch(
            number, user=person, state=state, run_number=7, run_title="Lớp A"
        )
    for state in (ReminderState.UNREACHABLE, ReminderState.PLANNED):
        ReminderFactory(user=person, state=state, way=PEOPLE)
    first, second, _third = Reminder.objects.filter(state=ReminderState.SENT).order_by("pk")
    now = timezone.now()
    for one in (first, first, second):
        DeliveryAttempt.objects.create(
            reminder=one, channel="email", started_at=now, receipt="delivered"
        )
    Notice.objects.create(
        reminder=first, user=person, subject="a", text="b", written_at=now, read_at=now
    )
    ReminderFactory(user=PostingFactory(unit=unit("13591")).user, state=ReminderState.SENT)
    return person


def rows_of(reader):
    return Reminder.objects.visible_to(reader)


def test_each_reminder_stands_in_one_figure_and_all_add_up(world, coordinator):
    counted = count_all(rows_of(coordinator))
    parts = set(DeliveryFigure) - {
        DeliveryFigure.ALL,
        DeliveryFigure.DELIVERED,
        DeliveryFigure.READ,
    }

    assert counted[DeliveryFigure.ALL] == sum(counted[one] for one in parts) == 10
    assert {one.value: counted[one] for one in DeliveryFigure} == {
        "all": 10,
        "planned": 2,
        "sent": 3,
        "delivered": 2,
        "read": 1,
        "failed": 1,
        "withdrawn": 1,
        "unknown": 1,
        "no_way": 2,
    }
    for one in DeliveryFigure:
        assert rows_of(coordinator).filter(in_figure(one)).count() == counted[one]


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("way", [("email", 8), (PEOPLE, 2)]),
        ("kind", [("tests.note", 10)]),
        ("run", [(7, 8), (None, 2)]),
    ],
)
def test_lines_tell_how_many_of_each(world, coordinator, by, lines, django_assert_num_queries):
    rows = rows_of(coordinator)
    with django_assert_num_queries(1):
        found = count_delivery(rows, by=by)
    assert [(one.key, one.figures[DeliveryFigure.ALL]) for one in found] == lines


def test_districts_are_told_apart_and_who_has_no_post_stands_alone(world, edition):
    ReminderFactory(user=UserFactory())
    # Gone since: without a district, and not left out.
    yesterday = timezone.localdate() - timedelta(days=1)
    gone = PostingFactory(unit=unit("13591"), valid_from=yesterday, valid_to=yesterday)
    ReminderFactory(user=gone.user)
    found = count_delivery(Reminder.objects.all(), by="district")
    assert [(one.key, one.figures[DeliveryFigure.ALL]) for one in found] == [
        (unit("350").path, 10),
        (None, 2),
        (unit("353").path, 1),
    ]


def test_days_are_counted_by_local_time(world):
    today = timezone.localdate()
    due = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Reminder.objects.update(due_at=due, expires_at=due + timedelta(days=1))
    rows = Reminder.objects.all()
    day = timedelta(days=1)
    assert due_between(rows, first=today, last=today).count() == 11
    assert due_between(rows, first=today - day, last=today - day).count() == 0


@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("by", ["way", "kind", "run", "district", "x"])
def test_each_figure_of_the_page_opens_as_many_rows(world, by):
    """One of each line, of both districts, and one of each kind; all of them ask for their own kind."""
    client = browse(make_official(Role.COORDINATOR, "35"))
    first, *others = rows = client.get(PAGE, {"by": by}).context["rows"]
    for row in rows:
        for figure, cell in zip(DeliveryFigure, row["cells"], strict=True):
            assert not cell["url"] or QueryDict(cell["url"])["outcome"] == figure.value
    shown = first["cells"] if by == "way" else first["cells"][:1]
    shown += [row["cells"][0] for row in others]
    for cell in (cell for cell in shown if cell["url"]):
        listed = client.get(cell["url"]).context["page_obj"].paginator.count
        assert str(listed) == cell["text"], cell["url"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first": "2014-05-01", "last": "2014-04-01"}, "last"),
        ({"first": "2014-02-31"}, "first"),
        ({"last": "9999-12-31"}, "last"),
        ({"first": "0001-01-01"}, "first"),
    ],
)
def test_days_that_cannot_be_are_marked_and_the_usual_ones_told(world, coordinator, asked, field):
    report = browse(coordinator).get(PAGE, asked).context["report"]
    assert list(report.form.errors) == [field]
    assert (report.total[DeliveryFigure.ALL], report.last >= report.first) == (10, True)


def test_page_and_file_have_the_same_figures_and_days(world, coordinator):
    answer = browse(coordinator).get(reverse("notices:delivery_file"), {"export": "csv"})
    text = b"".join(answer).decode("utf-8-sig")
    assert any(line.endswith("10,2,3,2,1,1,1,1,2") for line in text.splitlines())
    days = {"first": "2014-05-01", "last": "2014-05-31"}
    page = browse(coordinator).get(PAGE, days)
    assert page.context["report"].total[DeliveryFigure.ALL] == 0
    answer = browse(coordinator).get(reverse("notices:delivery_file"), days | {"export": "csv"})
    head = b"".join(answer).decode("utf-8-sig")
    assert "01/05/2014 – 31/05/2014" in head


def test_who_oversees_nobody_finds_no_report(edition):
    assert browse(UserFactory()).get(PAGE).status_code == 404


def test_days_of_which_messages_are_no_longer_kept_are_told(world, coordinator, settings):
    def kept_since(first):
        asked = {"first": first.isoformat(), "last": today.isoformat()}
        report = browse(coordinator).get(PAGE, asked).context["report"]
        # The head of the file says it as well.
        assert (len(report.in_words()) == 2) == (report.kept_since is not None)
        return report.kept_since

    today = timezone.localdate()
    settings.SUITE_RETENTION_DAYS = {"reminders": 40}
    since = today - timedelta(days=40)
    assert (kept_since(since), kept_since(since - timedelta(days=1))) == (None, since)
    settings.SUITE_RETENTION_DAYS = {"reminders": None}
    assert kept_since(since - timedelta(days=1)) is None
