"""People behind a figure join a class from there: who may, who can, what is in the way."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localdate

from attendance.models import Session
from courses.enums import EnrolmentStatus, RunStatus
from courses.learning_reminders import words_by_hand
from courses.models import CourseRun, Enrolment, ProgrammeRequirement
from lms.accounts.enums import Cadre, Role
from lms.geography.domain.areas import record_areas
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.notifications.models import Reminder
from lms.reporting.domain.joining import only_host
from lms.reporting.views.reminding import NamesAudience, PersonAudience
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.courses import (
    CourseRunFactory,
    EnrolmentFactory,
    ProgrammeFactory,
    make_course,
)
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, put_off
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared


@shared
def lists(world):
    """Kim Bảng (350): two in no class, one whose class is over, one who learns, one who completed."""
    over = CourseRunFactory(
        course=world.course, programme=world.programme, unit=unit("350"), status=RunStatus.OPEN
    )
    people = {
        name: PostingFactory(unit=unit("13384"), user=UserFactory(full_name=name)).user
        for name in ("Lê An", "Lê Bình", "Lê Chi")
    }
    EnrolmentFactory(user=people["Lê Chi"], run=over, unit=unit("13384"))
    set_fields(over, status=RunStatus.CLOSED)
    enrolled(world, "350", "13384")
    enrolled(world, "350", "13384", completed=True)
    return people


def enrol_address(state="late", **more):
    query = "&".join(f"{name}={text}" for name, text in {"state": state, **more}.items())
    return reverse("reporting:people_enrol", args=[unit("350").pk]) + f"?{query}"


def labels_of(client, state):
    page = client.get(reverse("reporting:people", args=[unit("350").pk]), {"state": state})
    return [way["label"] for way in page.context["ways"]]


@pytest.mark.parametrize(
    ("state", "ways"),
    [
        ("no_class", 2),
        ("not_completed", 2),
        ("late", 2),
        ("learning", 1),
        ("completed", 0),
        ("", 1),
    ],
)
def test_each_state_has_the_act_that_fits(world, lists, coordinator, state, ways):
    assert len(labels_of(browse(coordinator), state)) == ways


def test_class_is_planned_where_there_is_none(world, lists, coordinator):
    CourseRun.objects.update(status=RunStatus.CANCELLED)
    assert len(labels_of(browse(coordinator), "no_class")) == 1


def test_who_only_looks_on_is_offered_nothing_and_enrols_nobody(as_monitor, world, lists):
    assert labels_of(as_monitor, "late") == []
    assert as_monitor.get(enrol_address()).status_code == 403


@pytest.mark.parametrize("more", [{"state": "learning"}, {"on": "2014-06-01"}])
def test_list_that_needs_no_class_enrols_nobody(world, lists, coordinator, more):
    assert browse(coordinator).get(enrol_address(**more)).status_code == 404


def test_only_late_people_are_proposed_and_nobody_ticked_enrols_nobody(world, lists, coordinator):
    client = browse(coordinator)
    before = Enrolment.objects.count()
    page = client.get(enrol_address(into=world.runs["350"].code))
    assert [str(one) for one in page.context["people"]] == ["Lê An", "Lê Bình", "Lê Chi"]
    assert page.context["rest"] == 0
    assert client.post(enrol_address(into=world.runs["350"].code)).status_code == 200
    assert Enrolment.objects.count() == before
    # A class of another district is not offered.
    page = client.get(enrol_address(into=world.runs["353"].code))
    assert page.context["run"] is None
    assert [one["title"] for one in page.context["runs"]] == [str(world.runs["350"])]


def test_ticked_people_join_and_no_other(world, lists, coordinator):
    client = browse(coordinator)
    outsider = PostingFactory(unit=unit("13591")).user
    ticked = [lists["Lê An"].pk, lists["Lê Chi"].pk, outsider.pk, "x"]
    address = enrol_address(into=world.runs["350"].code)
    answer = client.post(address, {"people": ticked})
    assert answer.status_code == 302
    joined = Enrolment.objects.filter(run=world.runs["350"], status=EnrolmentStatus.ACTIVE)
    users = set(joined.values_list("user", flat=True))
    assert {lists["Lê An"].pk, lists["Lê Chi"].pk} < users
    assert not users & {lists["Lê Bình"].pk, outsider.pk}
    # Sent twice, it finds them in the class already, and calls it no success.
    assert client.post(address, {"people": ticked}).status_code == 200
    assert joined.count() == 3


def test_who_joined_meanwhile_is_told_as_left_out(world, lists, coordinator):
    run = world.runs["350"]
    EnrolmentFactory(user=lists["Lê An"], run=run, unit=unit("13384"))
    ticked = [lists["Lê An"].pk, lists["Lê Bình"].pk]
    answer = browse(coordinator).post(enrol_address(into=run.code), {"people": ticked}, follow=True)
    assert [one.level_tag for one in answer.context["messages"]] == ["success", "warning"]


def test_whom_another_class_keeps_are_told_apart(world, lists, coordinator):
    """The same course in a class of another programme."""
    programme = ProgrammeFactory(edition=world.programme.edition, code="khac")
    other = CourseRunFactory(course=world.course, programme=programme, unit=unit("350"))
    EnrolmentFactory(user=lists["Lê Bình"], run=other, unit=unit("13384"))
    page = browse(coordinator).get(enrol_address(into=world.runs["350"].code))
    told = page.context["intake"]
    assert (told.joining, told.enrolled, told.elsewhere, page.context["rest"]) == (2, 0, 1, 0)
    assert [place.user for place in page.context["elsewhere"]] == [lists["Lê Bình"]]


def test_who_has_completed_the_course_is_left_out(world, lists, coordinator):
    """Late for another course that the programme asks as well."""
    second = make_course(code="khoa-hai")
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=second, cadre=Cadre.COLLABORATOR
    )
    page = browse(coordinator).get(enrol_address(into=world.runs["350"].code))
    assert page.context["total"] == 4
    assert page.context["rest"] == 1


def test_session_at_the_same_time_is_told(world, lists, coordinator):
    day = timezone.now() + timedelta(days=3)
    programme = ProgrammeFactory(edition=world.programme.edition, code="khac")
    elsewhere = make_course(code="khac")
    there = CourseRunFactory(course=elsewhere, programme=programme, unit=unit("350"))
    here = world.runs["350"]
    EnrolmentFactory(user=lists["Lê An"], run=there, unit=unit("13384"))
    for run in (here, there):
        set_fields(run, starts_on=localdate(day), ends_on=localdate(day))
        Session.objects.create(
            run=run, title="Buổi 1", starts_at=day, ends_at=day + timedelta(hours=3)
        )
    page = html_of(browse(coordinator).get(enrol_address()))
    assert "Lê An" in page
    assert "alert tone-warning" in page


def test_class_is_planned_with_what_is_known_and_leads_back(world, lists, coordinator):
    client = browse(coordinator)
    ways = client.get(
        reverse("reporting:people", args=[unit("350").pk]), {"state": "no_class"}
    ).context["ways"]
    form = client.get(ways[-1]["url"])
    initial = form.context["form"].initial
    assert initial["programme"] == world.programme.pk
    assert initial["course"] == world.course.pk
    assert initial["unit"] == unit("350").pk
    day = localdate().strftime("%d/%m/%Y")
    answer = client.post(
        form.context["action_url"],
        {
            "programme": world.programme.pk,
            "course": world.course.pk,
            "unit": unit("350").pk,
            "title": "Lớp bù",
            "code": "KB-BU",
            "place": "Hội trường",
            "starts_on": day,
            "ends_on": day,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    back = client.get(answer["Location"])
    assert back.context["run"].code == "KB-BU"
    assert {str(one) for one in back.context["people"]} == {"Lê An", "Lê Bình"}


def test_way_back_leads_nowhere_else(world, coordinator):
    """And what is not on offer is not filled in."""
    client = browse(coordinator)
    address = reverse("runs:add") + f"?next=https://xau.example/&unit={unit('353').pk}&course=x"
    form = client.get(address)
    assert form.context["form"].initial.get("unit") != unit("353").pk
    day = localdate().strftime("%d/%m/%Y")
    values = {"title": "Lớp", "code": "KB-X", "place": "Xã", "starts_on": day, "ends_on": day}
    values |= {"programme": world.programme.pk, "course": world.course.pk, "unit": unit("350").pk}
    answer = client.post(form.context["action_url"], values)
    made = CourseRun.objects.get(code="KB-X")
    assert answer["Location"] == reverse("runs:inspect", args=[made.pk])


def test_class_for_a_list_on_another_map_is_planned_on_that_of_the_programme(
    world, lists, coordinator
):
    later = make_map("2020-01-01")
    for one in later.units.all():
        UnitSuccession.objects.create(from_unit=unit(one.code), to_unit=one, extent=Extent.WHOLE)
    record_areas()
    client = browse(coordinator)
    for address, asked in (
        (reverse("reporting:all_people"), {"edition": later.pk}),
        (reverse("reporting:people", args=[unit("350", "2020-01-01").pk]), {}),
    ):
        listed = client.get(address, {"state": "no_class", **asked})
        form = client.get(listed.context["ways"][-1]["url"]).context["form"]
        assert listed.context["page"].paginator.count == 2
        assert form.initial["unit"] == unit("350").pk


def test_class_is_planned_for_the_one_area_that_is_kept(world, lists, coordinator):
    def unit_of(user):
        listed = browse(user).get(reverse("reporting:all_people"), {"state": "no_class"})
        query = listed.context["ways"][-1]["url"]
        return f"unit={unit('350').pk}&" in query

    assert unit_of(coordinator)
    assert not unit_of(make_official(Role.ADMINISTRATOR, "35"))


def test_without_any_area_there_is_no_host(world, monitor):
    assert only_host(reader=monitor, edition=world.programme.edition) is None


def reminded(client, state="learning", **asked):
    address = reverse("reporting:people", args=[unit("350").pk])
    page = client.get(address, {"state": state, **asked})
    (remind,) = (way for way in page.context["ways"] if way["label"] == "Nhắc ngay")
    return client.get(remind["url"])


@pytest.mark.usefixtures("midday")
def test_those_of_a_list_who_still_learn_are_reminded_once(world, lists, coordinator):
    EnrolmentFactory(user=lists["Lê An"], run=world.runs["350"], unit=unit("13384"))
    page = reminded(browse(coordinator), state="")
    drafted = page.context["draft"]
    assert page.context["total"] == 2

    said = {"token": drafted.token, "subject": drafted.subject, "text": drafted.text}
    for _press in range(2):
        browse(coordinator).post(
            page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"],
            said | {"sign": page.context["sign"]},
        )
    assert Reminder.objects.count() == 2

    again = reminded(browse(coordinator))
    assert (again.context["total"], again.context["reach"].told_today) == (0, 2)


def test_list_of_one_class_is_reminded_in_the_words_of_this_class(world, lists, coordinator):
    run = enrolled(world, "350", "13384").run
    page = reminded(browse(coordinator), run=run.code)
    with translation.override("vi"):
        words = words_by_hand(run=run, today=localdate())
    assert {"subject": page.context["draft"].subject, "text": page.context["draft"].text} == words


def test_whoever_waits_for_a_class_is_invited_and_not_told_to_complete_it(
    world, lists, coordinator
):
    learner = enrolled(world, "350", "13384")
    address = reverse("reporting:people", args=[unit("350").pk])
    client = browse(coordinator)

    def written(state="", **asked):
        (way,) = client.get(address, {"state": state, **asked}).context["ways"]
        page = client.get(way["url"])
        assert page.context["title"] == way["label"]
        return way["label"], page.context["draft"].subject, page.context["total"]

    reminder, subject, _total = written("learning")
    run = put_off(world, "350", localdate() + timedelta(days=9))
    invitation, invited, total = written("to_come")
    assert total == 2
    assert invitation != reminder
    assert invited != subject
    assert written()[:2] == (invitation, invited)
    assert run.title in written("to_come", run=run.code)[1]
    (way,) = page_of(client, learner.user).context["ways"]
    assert (way["label"], client.get(way["url"]).context["draft"].subject) == (invitation, invited)
    # Where somebody learns already the words are those of a reminder.
    EnrolmentFactory(user=lists["Lê An"], run=world.runs["353"], unit=unit("13384"))
    assert written()[:2] == (reminder, subject)


def test_list_of_somebody_elses_area_reminds_nobody(world, lists, coordinator):
    address = reminded(browse(coordinator)).request
    stranger = make_official(Role.COORDINATOR, "353")
    assert (
        browse(stranger).get(f"{address['PATH_INFO']}?{address['QUERY_STRING']}").status_code == 404
    )


def page_of(client, user):
    return client.get(reverse("reporting:person", args=[user.pk]))


def test_page_of_a_person_leads_to_what_it_says(world, lists, coordinator):
    learner = enrolled(world, "350", "13384").user

    learning, late, done = (
        page_of(browse(coordinator), person)
        for person in (
            learner,
            lists["Lê An"],
            enrolled(world, "350", "13384", completed=True).user,
        )
    )

    (remind,), (enrol,) = learning.context["ways"], late.context["ways"]
    assert done.context["ways"] == []
    listed = browse(coordinator).get(enrol["url"])
    assert "Lê An" in [row["label"] for row in listed.context["rows"]]
    assert listed.context["ways"]
    written = browse(coordinator).get(remind["url"])
    assert [one.pk for one in written.context["group"].people] == [learner.pk]
    # The name is not kept with what is written.
    assert learner.full_name not in written.context["group"].label


def test_person_is_reminded_by_whom_coordinates_the_area_alone(world, lists, coordinator):
    learner = enrolled(world, "350", "13384").user
    (remind,) = page_of(browse(coordinator), learner).context["ways"]
    onlooker = make_official(Role.FOCAL_POINT, "350")

    assert page_of(browse(onlooker), learner).context["ways"] == []
    for other in (onlooker, make_official(Role.COORDINATOR, "353"), learner):
        assert browse(other).get(remind["url"]).status_code == 404
    done = enrolled(world, "350", "13384", completed=True).user
    params = {"person": str(done.pk), "programme": str(world.programme.pk)}
    assert not PersonAudience().find(by=coordinator, params=params, remind=True).people
    written = PersonAudience().find(by=coordinator, params=params, remind=False)
    assert ([one.pk for one in written.people], written.text) == ([done.pk], "")
    assert PersonAudience().find(by=coordinator, params={"person": "x"}, remind=True) is None


def test_reminder_of_the_own_area_is_named_by_it_and_seen_above(as_monitor, world, coordinator):
    """Of all places a coordinator oversees one district."""
    enrolled(world, "350", "13384")
    client = browse(coordinator)
    page = client.get(reverse("reporting:all_people"), {"state": "learning"}).context
    assert page["title"] == str(unit("350"))
    (way,) = page["ways"]
    shown = client.get(way["url"]).context
    drafted = shown["draft"]
    said = {"token": drafted.token, "subject": drafted.subject, "text": drafted.text}
    client.post(way["url"], said | {"sign": shown["sign"]})

    (line,) = as_monitor.get(reverse("announcements:list")).context["lines"]
    assert line["announcement"].group == str(unit("350"))


def test_reminder_of_all_places_belongs_to_the_province_that_is_overseen(world, lists):
    learner = enrolled(world, "350", "13384").user
    params = {"programme": str(world.programme.pk), "state": "learning"}
    found = NamesAudience().find(
        by=make_official(Role.COORDINATOR, "35"), params=params, remind=True
    )

    assert found.unit == unit("35")
    assert learner in found.people
