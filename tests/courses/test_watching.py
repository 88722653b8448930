"""Who watches a class without keeping it: sees all of it, changes nothing, is offered nothing."""

import pytest
from django.urls import reverse

from attendance.models import AttendanceMark, Session
from courses.domain.runs import create_run
from courses.enums import RunStatus
from courses.models import CompletionRequirement, CourseRun, Enrolment
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import PostingFactory, UserFactory, browse, log_in, make_official
from tests.factories.attendance import SessionFactory, at_eight
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared

WATCHERS = [(Role.MONITOR, "35"), (Role.MONITOR, "350"), (Role.FOCAL_POINT, "13387")]


@shared
def run(edition):
    """Planned and held by a commune of Kim Bảng, so that all of `WATCHERS` see it."""
    return make_run(make_course(), unit("13387"), status=RunStatus.PLANNED)


@shared
def session(run):
    return SessionFactory(run=run, starts_at=at_eight(days=-1))


@shared
def enrolment(run):
    person = PostingFactory(unit=unit("13387")).user
    return EnrolmentFactory(run=run, unit=unit("13387"), user=person)


@pytest.fixture(params=WATCHERS, ids=lambda case: f"{case[0]} {case[1]}")
def watcher(request, edition):
    return log_in(*request.param)


def watching_coordinator(code):
    """Watches the province and looks after one district."""
    monitor = make_official(Role.MONITOR, "35")
    assign_role(user=monitor, role=Role.COORDINATOR, unit=unit(code))
    return browse(monitor)


def state():
    """All that a changing view could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (CourseRun, Session, Enrolment, AttendanceMark, CompletionRequirement)
    ]


def changing(run, session, enrolment):
    plan = {"title": "Buổi lạ", "starts_at_0": "06/05/2014", "place": "", "action": "save"}
    mark = {f"status-{enrolment.pk}": "present", "action": "save", "early": "on"}
    return [
        (reverse("attendance:session_new", args=[run.pk]), plan),
        (reverse("attendance:session_edit", args=[session.pk]), plan),
        (reverse("attendance:session_remove", args=[session.pk]), {}),
        (reverse("attendance:roll_call", args=[session.pk]), mark),
        (reverse("runs:edit", args=[run.pk]), {"title": "Lớp lạ"}),
        (reverse("runs:open", args=[run.pk]), {}),
        (reverse("runs:close", args=[run.pk]), {}),
        (reverse("runs:cancel", args=[run.pk]), {}),
        (reverse("runs:enrol", args=[run.pk]), {"unit": run.unit_id, "cadres": ["collaborator"]}),
        (reverse("runs:enrol_by_name", args=[run.pk]), {"people": [enrolment.user_id]}),
        (reverse("runs:requirements", args=[run.pk]), {"ask-lessons": "on"}),
        (reverse("runs:withdraw", args=[run.pk, enrolment.pk]), {"reason": "Thử"}),
    ]


def refused(response):
    home = response.status_code == 302 and response["Location"] == reverse("wagtailadmin_home")
    return home or response.status_code in (403, 404, 405)


def test_whoever_watches_changes_nothing(watcher, run, session, enrolment):
    before = state()

    for address, data in changing(run, session, enrolment):
        assert refused(watcher.get(address)), address
        assert refused(watcher.post(address, data)), address

    assert state() == before


def test_whoever_watches_sees_the_class_and_no_page_offers_what_ends_in_a_refusal(
    watcher, run, session, enrolment
):
    lists = [reverse("courses:run_list"), reverse("runs:index")]
    pages = [
        *lists,
        reverse("courses:run_detail", args=[run.pk]),
        reverse("courses:enrolment_detail", args=[run.pk, enrolment.pk]),
        reverse("runs:inspect", args=[run.pk]),
    ]
    closed = [address for address, _data in changing(run, session, enrolment)]
    closed.append(reverse("runs:add"))

    for page in (*pages, reverse("attendance:today"), reverse("wagtailadmin_home")):
        answer = watcher.get(page)
        html = html_of(answer)
        assert answer.status_code == 200 or page not in pages, page
        assert run.title in html or page not in lists, page
        offered = [address for address in closed if f'"{address}"' in html]
        assert offered == [], page
    assert watcher.get(reverse("attendance:calendar", args=[session.pk])).status_code == 200


@pytest.mark.parametrize(
    "client_of",
    [
        lambda: log_in(Role.COORDINATOR, "350"),
        lambda: log_in(Role.ADMINISTRATOR, "35"),
        lambda: watching_coordinator("350"),
    ],
    ids=["coordinator", "administrator", "monitor who is coordinator here"],
)
def test_those_who_keep_the_class_reach_every_one_of_these_pages(
    edition, client_of, run, session, enrolment
):
    client = client_of()
    reached = {
        address: client.get(address).status_code
        for address, _data in changing(run, session, enrolment)
    }

    assert set(reached.values()) == {200, 405}
    assert [address for address, code in reached.items() if code == 405] == [
        reverse("attendance:session_remove", args=[session.pk])
    ]


def test_keeping_one_district_lends_no_power_in_another(run, session, enrolment):
    """A coordinator of Lý Nhân who watches Kim Bảng changes nothing in Kim Bảng."""
    client = watching_coordinator("353")
    before = state()

    for address, data in changing(run, session, enrolment):
        assert refused(client.post(address, data)), address

    assert state() == before
    page = html_of(client.get(reverse("runs:inspect", args=[run.pk])))
    assert reverse("runs:open", args=[run.pk]) not in page
    assert reverse("attendance:session_new", args=[run.pk]) not in page


def test_trainer_who_watches_a_commune_teaches_the_class_that_he_plans(edition):
    """The focal point's eyes reach the class; to keep it one has to teach it."""
    user = UserFactory()
    for role, code in ((Role.TRAINER, "350"), (Role.FOCAL_POINT, "13387")):
        assign_role(user=user, role=role, unit=unit(code))
    plan = make_run(make_course(), unit("13387"))
    plan.pk, plan.code = None, "LOP-MOI"
    made = create_run(run=plan, trainers=[], by=user)

    assert list(made.trainers.all()) == [user]
