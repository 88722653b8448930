"""The card: printed in the admin, typed at the door, a password of one's own."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from lms.accounts.enums import Role
from lms.accounts.models import Invitation, User
from lms.accounts.signin.domain.cards import compose_cards, render_cards
from lms.accounts.signin.domain.invitations import issue_invitations
from lms.core.codes import group_code
from tests.factories.accounts import PostingFactory, browse
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.reading import error_codes, html_of
from tests.shared import shared

pytestmark = pytest.mark.django_db
# Fifteen, of which two are the list itself and one is the area of the unit.
QUERIES_OF_THE_SHEET = 15
SHEET = "wagtailusers_users:invitations"
OWN = "mua-xuan-ve"
ADDRESS = "https://tap-huan.example.vn/tai-khoan/ma-moi/"


def text_of(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@shared
def card(coordinator, neighbour):
    (card,) = issue_invitations(
        people=User.objects.filter(pk=neighbour.pk), by=coordinator, at=timezone.now()
    )
    return card


def show(client, code):
    return client.post(reverse("account_invitation"), {"code": code})


def choose(client, password=OWN, again=None):
    return client.post(
        reverse("account_first_password"),
        {"password1": password, "password2": again or password},
    )


def test_card_says_who_where_and_how(card):
    (page,) = text_of(
        render_cards(
            cards=[card], places={card.person.pk: "xã Đại Cương, huyện Kim Bảng"}, address=ADDRESS
        )
    )

    for words in (
        "Trần Văn Nhà",
        card.person.staff_code,
        "xã Đại Cương, huyện Kim Bảng",
        "tap-huan.example.vn/tai-khoan/ma-moi",
        group_code(card.code),
        f"đến hết ngày {timezone.localtime(card.expires_at):%d/%m/%Y}",
    ):
        assert words in page


def test_ten_cards_stand_on_a_page(card):
    pages = text_of(render_cards(cards=[card] * 11, places={}, address=ADDRESS))

    assert [page.count("Trần Văn Nhà") for page in pages] == [10, 1]


def test_name_is_never_read_as_markup(card):
    card.person.full_name = "#panic() *$x$*\x07"

    assert compose_cards(cards=[card], places={}, address=ADDRESS)["cards"][0]["name"] == (
        "#panic() *$x$*"
    )
    assert "#panic()" in text_of(render_cards(cards=[card], places={}, address=ADDRESS))[0]


def test_coordinator_prints_the_cards_of_a_commune(as_coordinator, neighbour, stranger):
    other = PostingFactory(unit=unit("13387"), user__full_name="Lý Thị Khác").user

    listed = as_coordinator.get(reverse(SHEET), {"unit": unit("13384").pk})
    printed = as_coordinator.post(reverse(SHEET), {"unit": unit("13384").pk})

    assert list(listed.context["people"]) == [neighbour]
    assert printed["Content-Type"] == "application/pdf"
    assert "no-store" in printed["Cache-Control"]
    (page,) = text_of(printed.content)
    assert "Trần Văn Nhà" in page
    assert "Lý Thị Khác" not in page
    assert not other.invitations.exists()


@pytest.mark.parametrize("field", ["unit", "class"])
def test_commune_or_class_of_another_district_is_no_choice(as_coordinator, stranger, field):
    chosen = unit("13591") if field == "unit" else make_run(make_course(), unit("353"))

    for ask in (as_coordinator.get, as_coordinator.post):
        answer = ask(reverse(SHEET), {field: chosen.pk})
        assert field in answer.context["form"].errors
        assert "Lê Thị Lạ" not in html_of(answer)
    assert not Invitation.objects.exists()


def test_coordinator_prints_the_cards_of_a_class_for_the_own_people(
    as_coordinator, neighbour, stranger
):
    run = make_run(make_course(), unit("350"))
    for person in (neighbour, stranger):
        EnrolmentFactory(run=run, user=person, unit=person.postings.get().unit)

    listed = as_coordinator.get(reverse(SHEET), {"class": run.pk})
    as_coordinator.post(reverse(SHEET), {"class": run.pk})

    assert list(listed.context["people"]) == [neighbour]
    assert "Lê Thị Lạ" not in html_of(listed)
    assert [row.user for row in Invitation.objects.all()] == [neighbour]


def test_nothing_or_too_much_chosen_is_said(as_coordinator, neighbour):
    run = make_run(make_course(), unit("350"))
    for query in ({"again": "on"}, {"unit": unit("13384").pk, "class": run.pk}):
        answer = as_coordinator.post(reverse(SHEET), query)
        assert error_codes(answer.context["form"]) == {"__all__": ["source"]}
    assert not Invitation.objects.exists()


def test_who_has_logged_in_gets_a_card_only_when_asked_for(coordinator, neighbour):
    User.objects.filter(pk=neighbour.pk).update(last_login=timezone.now())
    client, chosen = browse(coordinator), {"unit": unit("13384").pk}

    refused = client.post(reverse(SHEET), chosen)
    assert refused.context["refusal"] in html_of(refused)
    assert not Invitation.objects.exists()

    assert client.post(reverse(SHEET), {**chosen, "again": "on"})["Content-Type"] == (
        "application/pdf"
    )


@pytest.mark.parametrize("role", [Role.MONITOR, Role.TRAINER])
def test_who_changes_nobody_prints_nothing(make_official, neighbour, role):
    client = browse(make_official(role, "35"))

    for ask in (client.get, client.post):
        answer = ask(reverse(SHEET), {"unit": unit("13384").pk})
        assert (answer.status_code, answer["Location"]) == (302, "/quan-tri/")
    assert not Invitation.objects.exists()


def test_sheet_costs_the_same_for_one_and_for_many(as_coordinator, django_assert_num_queries):
    course = make_course()
    address, chosen = reverse(SHEET), {"unit": unit("13384").pk}
    for more in (1, 2):
        PostingFactory.create_batch(more, unit=unit("13384"))
        for _number in range(more):
            make_run(course, unit("350"))
        # Once before: what the admin keeps is looked up.
        as_coordinator.get(address, chosen)
        with django_assert_num_queries(QUERIES_OF_THE_SHEET):
            as_coordinator.get(address, chosen)


def test_qr_code_fills_the_code_in_and_uses_nothing(client, card):
    for _visit in range(2):
        page = html_of(client.get(reverse("account_invitation"), {"ma": card.code}))
        assert f'value="{card.code}"' in page
    assert Invitation.objects.get().used_at is None


def test_code_and_a_password_of_ones_own_let_in(client, card):
    assert show(client, group_code(card.code).lower())["Location"] == (
        reverse("account_first_password")
    )
    page = html_of(client.get(reverse("account_first_password")))
    assert "Trần Văn Nhà" in page
    # The code alone is no entry.
    assert client.get("/viec-cua-toi/").status_code == 302
    assert "_auth_user_id" not in client.session

    answer = choose(client)

    assert (answer.status_code, answer["Location"]) == (302, "/bat-dau/")
    assert client.session["_auth_user_id"] == str(card.person.pk)
    card.person.refresh_from_db()
    assert card.person.check_password("mua-xuan-ve")


@pytest.mark.parametrize(
    ("password", "again"), [("12345678", "12345678"), ("ngan", "ngan"), ("mua-xuan-ve", "khac")]
)
def test_poor_password_is_refused_and_the_code_stays_good(client, card, password, again):
    show(client, card.code)

    answer = choose(client, password, again)

    assert answer.context["form"].errors
    assert Invitation.objects.get().used_at is None
    assert choose(client).status_code == 302


def test_page_of_the_password_needs_a_code_first(client, card):
    for answer in (client.get(reverse("account_first_password")), choose(client)):
        assert answer["Location"] == reverse("account_invitation")


def why(client, code):
    [errors] = error_codes(show(client, code).context["form"]).values()
    return errors


def test_each_reason_is_told(client, coordinator, card):
    assert why(client, "SAI-SAI-SAI") == ["wrong"]
    Invitation.objects.update(issued_at=timezone.now() - timedelta(days=90))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert why(client, card.code) == ["expired"]
    (newer,) = issue_invitations(people=User.objects.all(), by=coordinator, at=timezone.now())
    assert why(client, card.code) == ["replaced"]
    show(client, newer.code)
    choose(client)
    client.logout()
    assert why(client, newer.code) == ["used"]
    User.objects.update(is_active=False)
    third = Invitation.objects.get(used_at__isnull=False)
    Invitation.objects.filter(pk=third.pk).update(used_at=None)
    assert why(client, newer.code) == ["closed"]


def test_of_two_windows_the_second_is_told(client, card):
    show(client, card.code)
    other = type(client)()
    show(other, card.code)
    page = other.get(reverse("account_first_password"))
    assert page.status_code == 200
    choose(client)

    late = choose(other, "mua-he-toi")

    assert error_codes(late.context["form"]) == {"__all__": ["used"]}
    assert other.get(reverse("account_first_password"))["Location"] == (
        reverse("account_invitation")
    )
    card.person.refresh_from_db()
    assert card.person.check_password("mua-xuan-ve")
