"""The pages of correction requests: the person's own, the list, the answer, the front page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.accounts.dashboard import OpenCorrections
from lms.accounts.enums import Role
from lms.accounts.models import CorrectionRequest, User
from lms.accounts.personal_data.domain.corrections import ask_correction, refuse_correction
from lms.accounts.register.domain.phones import PhoneProblem
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.reading import error_codes, html_of, levels_of, panel_html
from tests.shared import shared

INDEX = "/quan-tri/corrections/"
LIST_QUERIES = 12


@shared
def asked(neighbour):
    return ask(neighbour)


def ask(person, item="full_name", wanted="Trần Văn Nhã", reason="sai dấu"):
    return ask_correction(person=person, item=item, wanted=wanted, reason=reason, at=timezone.now())


def send(client, asked, **data):
    return client.post(reverse("corrections:decide", args=[asked.pk]), data, follow=True)


def states_on(page):
    """Of the own requests that a page shows."""
    return [asked.state for asked, _tone in page.context["requests"]]


def test_person_hands_a_request_in_and_sees_it_waiting(neighbour):
    page = browse(neighbour).post(
        reverse("own_correction"),
        {"item": "phone", "wanted": "0987 654 321", "reason": "số mới"},
        follow=True,
    )

    assert levels_of(page) == ["success"]
    assert states_on(page) == ["open"]
    assert "0987 654 321" in html_of(page)


def test_second_request_and_value_that_cannot_be_right_are_said(neighbour, asked):
    second, wrong = (
        browse(neighbour).post(reverse("own_correction"), {"item": item, "wanted": wanted})
        for item, wanted in (("full_name", "Trần Văn Nhạ"), ("phone", "0912"))
    )

    assert error_codes(second.context["form"]) == {"item": ["asked_already"]}
    assert "Trần Văn Nhạ" in html_of(second)
    assert str(PhoneProblem.TOO_SHORT.label) in html_of(wrong)
    assert CorrectionRequest.objects.count() == 1


def test_person_withdraws_the_own_request_and_nobody_else_does(neighbour, asked, stranger):
    address = reverse("own_correction_withdraw", args=[asked.pk])
    assert browse(stranger).post(address).status_code == 404
    assert browse(neighbour).get(address).status_code == 405
    assert list(CorrectionRequest.objects.visible_to(neighbour)) == [asked]
    assert not CorrectionRequest.objects.visible_to(stranger).exists()

    page, again = (browse(neighbour).post(address, follow=True) for _time in range(2))

    assert [levels_of(shown) for shown in (page, again)] == [["success"], ["warning"]]
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_person_reads_why_it_was_refused(neighbour, asked, coordinator):
    refuse_correction(
        asked=asked, by=coordinator, answer="Giấy khai sinh ghi khác", at=timezone.now()
    )

    page = browse(neighbour).get(reverse("own_data"))

    assert states_on(page) == ["refused"]
    told, *_log = html_of(page).rpartition("Giấy khai sinh ghi khác")
    assert "Giấy khai sinh ghi khác" in told
    # Nobody's name beside the answer.
    assert coordinator.full_name not in told.partition("Giấy khai sinh ghi khác")[0]


def test_keeper_sees_old_and_asked_value_side_by_side_and_applies_it(
    as_coordinator, coordinator, neighbour, asked
):
    listed = html_of(as_coordinator.get(INDEX))
    address = reverse("corrections:inspect", args=[asked.pk])
    page = html_of(as_coordinator.get(address))

    assert f'href="{address}"' in listed
    for text in ("Trần Văn Nhà", "Trần Văn Nhã"):
        assert text in listed
        assert text in page
    assert "sai dấu" in page

    done = send(as_coordinator, asked, apply="1")

    assert levels_of(done) == ["success"]
    assert User.objects.get(pk=neighbour.pk).full_name == "Trần Văn Nhã"
    inspected = html_of(as_coordinator.get(address))
    assert coordinator.full_name in inspected
    assert 'name="apply"' not in inspected


def test_each_item_is_shown_with_what_is_held(as_coordinator, neighbour):
    for item, wanted, held in (
        ("post", "Xã khác", str(neighbour.postings.get())),
        ("other", "Tôi nghỉ việc", "–"),
        ("phone", "0987654321", "0912 345 678"),
        ("year_of_birth", "1980", "–"),
    ):
        asked = ask(neighbour, item, wanted)
        page = html_of(as_coordinator.get(reverse("corrections:inspect", args=[asked.pk])))
        assert f"<td>{held}" in page
        assert f'<td class="title">{wanted}</td>' in page


def test_what_cannot_be_applied_is_said_and_stays_open(coordinator, neighbour, stranger):
    asked = ask(neighbour, "phone", "0987654321")

    page = send(browse(coordinator), asked, apply="1")

    assert levels_of(page) == ["error"]
    assert stranger.full_name not in html_of(page)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_refused_without_a_reason_it_stays_open(as_coordinator, asked):
    assert levels_of(send(as_coordinator, asked, refuse="1", answer="")) == ["error"]
    asked.refresh_from_db()
    assert asked.state == "open"
    told = send(as_coordinator, asked, refuse="1", answer="Giấy tờ ghi khác")
    assert levels_of(told) == ["success"]

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Giấy tờ ghi khác")


def test_requests_of_another_district_are_not_there(coordinator, stranger):
    asked = ask(stranger, wanted="Lê Thị Lá")
    client = browse(coordinator)

    assert "Lê Thị" not in html_of(client.get(INDEX))
    assert client.get(reverse("corrections:inspect", args=[asked.pk])).status_code == 404
    assert client.post(reverse("corrections:decide", args=[asked.pk])).status_code == 404
    assert OpenCorrections().context(coordinator)["total"] == 0
    assert client.get(reverse("corrections:decide", args=[asked.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.MONITOR, Role.TRAINER, Role.FOCAL_POINT])
def test_list_is_closed_to_those_who_change_nobody(make_official, role, asked):
    client = browse(make_official(role, "35"))

    assert client.get(INDEX)["Location"] == "/quan-tri/"
    client.post(reverse("corrections:decide", args=[asked.pk]), {"apply": "1"})
    asked.refresh_from_db()
    assert asked.state == "open"


def test_list_and_panel_cost_the_same_for_one_and_three(
    as_coordinator, coordinator, django_assert_num_queries
):
    for count in (1, 3):
        while CorrectionRequest.objects.count() < count:
            ask(PostingFactory(unit=unit("13384")).user, "other", "Sai hết")
        as_coordinator.get(INDEX)
        with django_assert_num_queries(LIST_QUERIES):
            page = html_of(as_coordinator.get(f"{INDEX}?state=open"))
        # In the cell and in the name of the row's menu.
        assert page.count("Sai hết") == 2 * count
        reader = User.objects.get(pk=coordinator.pk)
        with django_assert_num_queries(3):
            context = OpenCorrections().context(reader)
            assert [str(one.user) for one in context["requests"]] == ["Nguyễn Thị Hương"] * count
        assert context["total"] == count


def test_front_page_offers_the_oldest_and_counts_the_rest(as_coordinator, coordinator):
    panel = panel_html(OpenCorrections, coordinator)
    assert reverse("corrections:inspect", args=[0])[:-2] not in panel
    for number in range(6):
        person = PostingFactory(unit=unit("13384"), user__full_name=f"Người Thứ {number}").user
        ask(person, "other", "Sai")

    page = html_of(as_coordinator.get("/quan-tri/"))

    assert "Người Thứ 4" in page
    assert "Người Thứ 5" not in page
    assert OpenCorrections().context(coordinator)["total"] == 6
