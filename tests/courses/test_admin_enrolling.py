"""Trainees are put on the list of a class in the Wagtail admin: by area, and by name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from tests.factories.accounts import PostingFactory, log_in
from tests.factories.attendance import SessionFactory
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of, levels_of
from tests.shared import shared


@shared
def people(edition):
    """Two collaborators and an officer in Kim Bảng, a collaborator elsewhere."""
    today = timezone.localdate()
    for code, cadre in (
        ("13384", Cadre.COLLABORATOR),
        ("13387", Cadre.COLLABORATOR),
        ("13387", Cadre.COMMUNE_OFFICER),
        ("13591", Cadre.COLLABORATOR),
    ):
        PostingFactory(unit=unit(code), cadre=cadre, valid_from=today - timedelta(days=9))


def test_enrolment_by_area_is_counted_first_and_enrols_the_cadres_of_the_unit(
    as_coordinator, run, people
):
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}

    counted = as_coordinator.get(reverse("runs:enrol", args=[run.pk]), chosen)
    assert (counted.context["intake"].joining, counted.context["intake"].enrolled) == (2, 0)
    assert run.enrolments.count() == 0
    response = as_coordinator.post(reverse("runs:enrol", args=[run.pk]), chosen, follow=True)

    found = run.enrolments.values_list("unit__code", "cadre").order_by("unit__code")
    assert list(found) == [("13384", "collaborator"), ("13387", "collaborator")]
    assert levels_of(response) == ["success"]


def test_enrolment_by_area_leaves_out_and_names_who_sits_in_another_class(
    as_coordinator, run, people
):
    busy = User.objects.get(postings__unit__code="13384")
    other = make_run(run.course, unit("350"), title="Lớp kia")
    EnrolmentFactory(run=other, user=busy, unit=unit("13384"))
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}
    url = reverse("runs:enrol", args=[run.pk])

    shown = as_coordinator.get(url, chosen)
    as_coordinator.post(url, chosen)

    assert shown.context["intake"].elsewhere == 1
    assert [(one.user, one.run) for one in shown.context["elsewhere"]] == [(busy, other)]
    assert busy not in shown.context["listed"]
    assert list(run.enrolments.values_list("unit__code", flat=True)) == ["13387"]


def test_too_many_to_be_listed_are_enrolled_as_one(as_coordinator, run, people, monkeypatch):
    monkeypatch.setattr("courses.views.run_enrolling.MOST_LISTED", 1)
    url = reverse("runs:enrol", args=[run.pk])
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}

    shown = as_coordinator.get(url, chosen)
    as_coordinator.post(url, chosen)

    assert shown.context["listed"] == []
    assert run.enrolments.count() == 2


def test_enrolment_by_area_names_everybody_and_takes_those_who_stay_ticked(
    as_coordinator, run, people
):
    url = reverse("runs:enrol", args=[run.pk])
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}
    staying = User.objects.get(postings__unit__code="13384")

    shown = as_coordinator.get(url, chosen)
    none = as_coordinator.post(url, chosen | {"listed": "1"})
    before = run.enrolments.count()
    as_coordinator.post(url, chosen | {"listed": "1", "people": [staying.pk, "x", "9" * 30]})

    assert staying in shown.context["listed"]
    assert len(shown.context["listed"]) == 2
    assert error_codes(none.context["form"]) == {"__all__": ["nobody_ticked"]}
    assert none.context["ticked"] == []
    assert before == 0
    assert [one.user for one in run.enrolments.all()] == [staying]


def test_enrolment_by_area_tells_who_has_another_session_then(as_coordinator, run, people):
    busy = User.objects.get(postings__unit__code="13384")
    other = make_run(make_course("ngan"), unit("350"), title="Lớp trùng giờ")
    for one in (run, other):
        SessionFactory(run=one, place=f"Phòng {one.pk}")
    EnrolmentFactory(run=other, user=busy, unit=unit("13384"))
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}

    shown = html_of(as_coordinator.get(reverse("runs:enrol", args=[run.pk]), chosen))

    assert "Lớp trùng giờ" in shown


def test_enrolment_by_area_of_another_district_or_without_cadre_is_refused(
    as_coordinator, run, people
):
    address = reverse("runs:enrol", args=[run.pk])
    elsewhere = {"unit": unit("353").pk, "cadres": [Cadre.COLLABORATOR]}

    response = as_coordinator.post(address, elsewhere)
    without = as_coordinator.get(address, {"unit": unit("350").pk})

    assert list(response.context["form"].errors) == ["unit"]
    assert run.enrolments.count() == 0
    assert error_codes(without.context["form"]) == {"cadres": ["required"]}


def test_class_that_is_over_offers_no_enrolment_by_area_and_refuses_one(
    as_coordinator, run, people
):
    CourseRun.objects.update(status=RunStatus.CLOSED)
    chosen = {"unit": unit("350").pk, "cadres": [Cadre.COLLABORATOR]}

    shown = as_coordinator.get(reverse("runs:enrol", args=[run.pk]))
    response = as_coordinator.post(reverse("runs:enrol", args=[run.pk]), chosen)

    assert 'name="unit"' not in html_of(shown)
    for page in (shown, response):
        assert page.context["refusal"] in html_of(page)
    assert not run.enrolments.exists()


# --- One by one


def posted(name, code="13384", **fields):
    """A person with a post in the commune."""
    person = {f"user__{key}": value for key, value in fields.items()}
    return PostingFactory(unit=unit(code), user__full_name=name, **person).user


@shared
def url(run):
    return reverse("runs:enrol_by_name", args=[run.pk])


def found(response):
    return [person.full_name for person in response.context["shown"]]


def test_person_is_found_by_name_without_marks_by_code_and_by_phone(as_coordinator, url):
    posted("Nguyễn Thị Hòa", staff_code="HN0042", phone="+84912345678")
    posted("Trần Văn Khác", staff_code="HN0043")

    for typed in ("nguyen thi hoa", "Hòa", "hn0042", "0912 345 678", "+84912345678"):
        assert found(as_coordinator.get(url, {"q": typed})) == ["Nguyễn Thị Hòa"], typed


def test_namesakes_are_told_apart_by_commune_year_and_code(as_coordinator, url):
    posted("Nguyễn Thị Hòa", "13384", year_of_birth=1980, staff_code="HN0042")
    posted("Nguyễn Thị Hòa", "13387", year_of_birth=1991, staff_code="HN0043")

    page = as_coordinator.get(url, {"q": "hoa"})

    assert page.context["total"] == 2
    for told in ("thị trấn Quế", "xã Nguyễn Úy", "1980", "1991", "HN0042", "HN0043"):
        assert told in html_of(page)


def test_nothing_typed_lists_nothing_and_nobody_ticked_is_told_with_the_search(as_coordinator, url):
    posted("Nguyễn Thị Hòa")

    empty = as_coordinator.get(url, {"q": "  "})
    response = as_coordinator.post(url, {"q": "hoa"})

    assert (found(empty), empty.context["query"]) == ([], "")
    assert error_codes(response.context["form"]) == {"people": ["required"]}
    assert found(response) == ["Nguyễn Thị Hòa"]
    assert 'value="hoa"' in html_of(response)


def test_people_and_posts_of_another_district_are_not_told(as_coordinator, url):
    posted("Lê Thị Lạ", "13591")
    PostingFactory(user=posted("Nguyễn Thị Hòa"), unit=unit("13591"))

    response = as_coordinator.get(url, {"q": "la"})

    assert found(response) == []
    assert "“la”" in html_of(response)
    assert "Lê Thị Lạ" not in html_of(response)
    assert "Đức Lý" not in html_of(as_coordinator.get(url, {"q": "hoa"}))


def test_those_ticked_are_enrolled_once_and_named_or_counted(as_coordinator, run, url):
    one, other, third = (posted("Nguyễn Thị Hòa", code) for code in ("13384", "13387", "13387"))
    for ticked, said, enrolled in (
        ([one.pk], one.full_name, 1),
        ([one.pk], "", 1),
        ([other.pk, third.pk], "2", 3),
    ):
        response = as_coordinator.post(url, {"q": "hoa", "people": ticked}, follow=True)

        [message] = response.context["messages"]
        assert said in str(message)
        assert run.enrolments.count() == enrolled


def test_who_is_in_the_class_cannot_be_ticked_and_who_was_taken_off_it_can(
    as_coordinator, run, url
):
    person = posted("Nguyễn Thị Hòa")
    enrolment = EnrolmentFactory(run=run, user=person, unit=unit("13384"))

    shown = html_of(as_coordinator.get(url, {"q": "hoa"}))
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    as_coordinator.post(url, {"q": "hoa", "people": [person.pk]})

    assert "w-status--primary" in shown
    assert f'value="{person.pk}" disabled' in shown
    assert Enrolment.objects.get().status == EnrolmentStatus.ACTIVE


def test_who_learns_the_course_elsewhere_is_shown_so_and_not_enrolled(as_coordinator, run, url):
    person, free = posted("Nguyễn Thị Hòa"), posted("Nguyễn Thị Hoa")
    EnrolmentFactory(run=make_run(run.course, unit("353")), user=person, unit=unit("13384"))

    shown = html_of(as_coordinator.get(url, {"q": "hoa"}))
    response = as_coordinator.post(url, {"q": "hoa", "people": [person.pk, free.pk]})

    assert f'value="{person.pk}" disabled' in shown
    assert error_codes(response.context["form"]) == {"people": ["invalid_choice"]}
    assert f'value="{free.pk}" checked' in html_of(response)
    assert run.enrolments.count() == 0


def test_somebody_out_of_reach_is_refused_without_a_name(as_coordinator, run, url):
    stranger = posted("Lê Thị Lạ", "13591")

    for forged in (stranger.pk, "no number", str(10**30)):
        response = as_coordinator.post(url, {"q": "hoa", "people": [forged]})
        assert error_codes(response.context["form"]).keys() == {"people"}, forged
        assert "Lê Thị Lạ" not in html_of(response)
    assert run.enrolments.count() == 0


def test_class_that_is_over_or_of_another_district_enrols_nobody_by_name(as_coordinator, run, url):
    person = posted("Nguyễn Thị Hòa")
    other = reverse("runs:enrol_by_name", args=[make_run(run.course, unit("353")).pk])
    CourseRun.objects.update(status=RunStatus.CANCELLED)

    for ask in (as_coordinator.get, as_coordinator.post):
        response = ask(url, {"q": "hoa", "people": [person.pk]})
        assert response.context["refusal"] in html_of(response)
        assert 'name="people"' not in html_of(response)
        assert ask(other, {"q": "hoa"}).status_code == 404
    assert run.enrolments.count() == 0


def test_monitor_may_not_enrol(url):
    monitor = log_in(Role.MONITOR, "35")
    person = posted("Nguyễn Thị Hòa")

    monitor.post(url, {"q": "hoa", "people": [person.pk]})

    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3, 51])
def test_search_costs_the_same_queries_and_says_its_limit(
    as_coordinator, url, django_assert_num_queries, count
):
    for number in range(count):
        posted("Nguyễn Thị Hòa", year_of_birth=1950 + number)
    # Content types and permissions are looked up once a process.
    as_coordinator.get(url)

    with django_assert_num_queries(14):
        response = as_coordinator.get(url, {"q": "hoa"})

    assert len(found(response)) == min(count, 50)
    assert response.context["total"] == count
