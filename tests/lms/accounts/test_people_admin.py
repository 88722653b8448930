"""The register of people in the admin."""

import re
from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting, User
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit

pytestmark = pytest.mark.django_db
INDEX = "wagtailusers_users:index"


def url(name, *people):
    return reverse(f"wagtailusers_users:{name}", args=[person.pk for person in people])


def typed(**fields):
    return {
        "full_name": "Đỗ Thị Mới",
        "staff_code": "hn 777",
        "phone": "0912 000 111",
        "email": "",
        "sex": "female",
        "year_of_birth": "1980",
        "is_active": "on",
        "unit": unit("13387").pk,
        "cadre": "collaborator",
        "since": "01/03/2014",
        **fields,
    }


def names(response):
    return [person.full_name for person in response.context["object_list"]]


def test_list_stands_in_the_order_of_a_vietnamese_roster(browse, coordinator, edition):
    for name in ("Trần Văn Ân", "Lê Thị Bưởi", "Nguyễn Văn Anh", "Đỗ Thị Ánh"):
        PostingFactory(unit=unit("13384"), user__full_name=name)

    response = browse(coordinator).get(reverse(INDEX))

    assert names(response) == [
        "Nguyễn Văn Anh",
        "Đỗ Thị Ánh",
        "Trần Văn Ân",
        "Lê Thị Bưởi",
        "Phạm Văn Huyện",
    ]


@pytest.mark.parametrize(
    "query", ["Trần Văn Nhà", "tran nha", "NHA", "0912 345", "0912345678", "+84912"]
)
def test_search_finds_by_name_without_marks_and_by_phone(
    browse, administrator, neighbour, stranger, query
):
    response = browse(administrator).get(reverse(INDEX), {"q": query})

    assert names(response) == ["Trần Văn Nhà"]


def test_search_stays_inside_the_own_district(browse, coordinator, neighbour, stranger):
    response = browse(coordinator).get(reverse(INDEX), {"q": "lạ"})

    assert names(response) == []
    assert "Lê Thị Lạ" not in response.content.decode()


def test_filter_by_district_and_cadre(browse, administrator, neighbour, stranger):
    PostingFactory(unit=unit("353"), cadre=Cadre.DISTRICT_OFFICER, user__full_name="Cao Văn Huyện")
    client = browse(administrator)

    by_district = client.get(reverse(INDEX), {"district": unit("353").pk})
    by_cadre = client.get(reverse(INDEX), {"cadre": "district_officer"})

    assert names(by_district) == ["Cao Văn Huyện", "Lê Thị Lạ"]
    assert names(by_cadre) == ["Cao Văn Huyện"]


def test_filter_counts_posts_held_today_only(browse, administrator, edition):
    PostingFactory(unit=unit("13591"), valid_to=date(2014, 2, 1), user__full_name="Lý Văn Cũ")

    response = browse(administrator).get(reverse(INDEX), {"district": unit("353").pk})

    assert names(response) == []


def test_filter_offers_the_own_districts_only(browse, coordinator, neighbour):
    page = browse(coordinator).get(reverse(INDEX)).content.decode()

    assert "huyện Kim Bảng" in page
    assert "huyện Lý Nhân" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    browse, coordinator, django_assert_num_queries, count
):
    for _number in range(count):
        PostingFactory(unit=unit("13384"))
    client = browse(coordinator)
    client.get(reverse(INDEX))

    with django_assert_num_queries(14):
        client.get(reverse(INDEX))


def test_post_elsewhere_is_not_told(browse, coordinator, neighbour):
    Posting.objects.filter(user=neighbour).update(valid_to=date(2014, 2, 1))
    PostingFactory(user=neighbour, unit=unit("13591"), valid_from=date(2014, 2, 2))

    client = browse(coordinator)
    listed = client.get(reverse(INDEX)).content.decode()
    inspected = client.get(url("inspect", neighbour)).content.decode()

    assert "Trần Văn Nhà" in listed
    assert "Đức Lý" not in listed
    assert "thị trấn Quế" in inspected
    assert "Đức Lý" not in inspected


def test_inspect_shows_the_whole_history_to_the_province(browse, administrator, neighbour):
    Posting.objects.filter(user=neighbour).update(valid_to=date(2014, 2, 1))
    PostingFactory(user=neighbour, unit=unit("13591"), valid_from=date(2014, 2, 2))

    page = browse(administrator).get(url("inspect", neighbour)).content.decode()

    assert (
        "Cộng tác viên thôn/xóm, thị trấn Quế, huyện Kim Bảng (01/01/2014 đến 01/02/2014)" in page
    )
    assert "Cộng tác viên thôn/xóm, xã Đức Lý, huyện Lý Nhân (từ 02/02/2014)" in page
    assert "0912 345 678" in page


def test_inspect_speaks_to_people(browse, administrator, neighbour):
    neighbour.year_of_birth = 1991
    neighbour.save()

    page = browse(administrator).get(url("inspect", neighbour)).content.decode()

    shown = [text.strip() for text in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)]
    assert "1991" in shown
    assert "Có" in shown
    assert not {"None", "True", ""} & set(shown)


def test_no_page_shows_a_password(browse, administrator, neighbour):
    neighbour.set_password("bi-mat-lam")
    neighbour.save()
    client = browse(administrator)

    for page in (reverse(INDEX), url("inspect", neighbour), url("edit", neighbour)):
        assert neighbour.password not in client.get(page).content.decode()


def test_coordinator_adds_a_person_to_the_own_district(browse, coordinator):
    response = browse(coordinator).post(url("add"), typed())

    assert response.status_code == 302
    person = User.objects.get(staff_code="HN777")
    assert (person.full_name, person.phone, person.email) == ("Đỗ Thị Mới", "+84912000111", None)
    assert not person.has_usable_password()
    posting = person.postings.get()
    assert (posting.unit.code, posting.cadre, posting.valid_from) == (
        "13387",
        "collaborator",
        date(2014, 3, 1),
    )
    actions = ModelLogEntry.objects.for_instance(person).values_list("action", "user")
    assert set(actions) == {
        ("wagtail.create", coordinator.pk),
        ("accounts.posted", coordinator.pk),
    }


def test_coordinator_adds_nobody_to_another_district(browse, coordinator):
    response = browse(coordinator).post(url("add"), typed(unit=unit("13591").pk))

    assert "unit" in response.context["form"].errors
    assert not User.objects.filter(staff_code="HN777").exists()


def test_person_without_a_post_would_be_out_of_the_coordinators_sight(browse, coordinator):
    response = browse(coordinator).post(url("add"), typed(unit="", cadre=""))

    assert response.context["form"].non_field_errors() == [
        "Nội dung này nằm ngoài địa bàn anh/chị phụ trách."
    ]
    assert "Đỗ Thị Mới" in response.content.decode()
    assert not User.objects.filter(staff_code="HN777").exists()


def test_administrator_of_the_province_adds_people_without_a_post(browse, administrator):
    client = browse(administrator)

    client.post(url("add"), typed(unit="", cadre="", phone=""))

    person = User.objects.get(staff_code="HN777")
    assert (person.phone, person.postings.count()) == (None, 0)
    assert client.get(url("edit", person)).status_code == 200


def test_post_is_given_later_to_a_person_without_one(browse, administrator):
    person = UserFactory(staff_code="HN778")

    browse(administrator).post(url("edit", person), typed(staff_code="HN778"))

    assert person.postings.get().unit == unit("13387")


def test_administrator_of_a_district_places_whom_is_added(browse, make_official):
    client = browse(make_official(Role.ADMINISTRATOR, "350"))

    response = client.post(url("add"), typed(unit="", cadre=""))

    assert response.context["form"].non_field_errors()
    assert not User.objects.filter(staff_code="HN777").exists()


def test_list_can_be_put_in_the_order_of_staff_codes(browse, administrator, neighbour, stranger):
    response = browse(administrator).get(reverse(INDEX), {"ordering": "-staff_code"})

    codes = [person.staff_code for person in response.context["object_list"]]
    assert codes == sorted(codes, reverse=True)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"phone": "0168 123 4567"}, "phone", "Số di động 11 chữ số đã ngừng từ năm 2018."),
        ({"phone": "không có"}, "phone", "Đây không phải là số điện thoại: chỉ nhập chữ số."),
        ({"staff_code": "0912345678"}, "staff_code", "Mã cán bộ phải có chữ cái"),
        ({"staff_code": "a@b"}, "staff_code", "Mã cán bộ phải có chữ cái"),
        ({"cadre": ""}, "cadre", "Chức danh cần có cả đơn vị và đối tượng."),
        ({"since": ""}, "since", "Xin cho biết từ ngày nào."),
        ({"since": "31/02/2014"}, "since", ""),
        ({"year_of_birth": "1800"}, "year_of_birth", "Năm sinh phải từ 1900 đến"),
        ({"full_name": ""}, "full_name", ""),
    ],
)
def test_wrong_entry_is_named_and_kept(browse, coordinator, fields, field, sentence):
    response = browse(coordinator).post(url("add"), typed(**fields))

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    page = response.content.decode()
    if field in {"phone", "staff_code", "year_of_birth"}:
        assert f'value="{fields[field]}"' in page
    else:
        assert 'value="1980"' in page
    assert not User.objects.filter(full_name="Đỗ Thị Mới").exists()


def test_number_of_somebody_else_is_refused_without_the_name(browse, coordinator, stranger):
    response = browse(coordinator).post(url("add"), typed(phone="0987 654 321"))

    assert "phone" in response.context["form"].errors
    assert "Lê Thị Lạ" not in response.content.decode()


def test_edit_shows_and_keeps_the_post(browse, coordinator, neighbour):
    client = browse(coordinator)
    form = client.get(url("edit", neighbour)).context["form"]
    assert form["unit"].value() == unit("13384").pk

    client.post(
        url("edit", neighbour),
        typed(staff_code=neighbour.staff_code, unit=unit("13384").pk, since="05/05/2015"),
    )

    neighbour.refresh_from_db()
    assert neighbour.full_name == "Đỗ Thị Mới"
    assert neighbour.postings.get().valid_from == date(2014, 1, 1)


def test_edit_of_the_unit_is_a_transfer_with_history(browse, coordinator, neighbour):
    browse(coordinator).post(
        url("edit", neighbour), typed(staff_code=neighbour.staff_code, since="05/05/2015")
    )

    assert list(
        neighbour.postings.order_by("valid_from").values_list(
            "unit__code", "valid_from", "valid_to"
        )
    ) == [
        ("13384", date(2014, 1, 1), date(2015, 5, 4)),
        ("13387", date(2015, 5, 5), None),
    ]


def test_transfer_that_bends_history_is_refused_and_nothing_saved(browse, coordinator, neighbour):
    response = browse(coordinator).post(
        url("edit", neighbour), typed(staff_code=neighbour.staff_code, since="01/01/2014")
    )

    assert "01/01/2014" in response.context["form"].non_field_errors()[0]
    neighbour.refresh_from_db()
    assert neighbour.full_name == "Trần Văn Nhà"
    assert neighbour.postings.get().valid_to is None


def test_edit_keeps_the_password(browse, coordinator, neighbour):
    neighbour.set_password("bi-mat-lam")
    neighbour.save()

    browse(coordinator).post(
        url("edit", neighbour), typed(staff_code=neighbour.staff_code, unit=unit("13384").pk)
    )

    neighbour.refresh_from_db()
    assert neighbour.check_password("bi-mat-lam")


def test_new_password_is_shown_once_and_works(browse, client, coordinator, neighbour):
    admin = browse(coordinator)
    asked = admin.get(url("password", neighbour))
    assert "<code>" not in asked.content.decode()

    shown = admin.post(url("password", neighbour))

    password = re.search(r"<code>([\w-]+)</code>", shown.content.decode())[1]
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", password)
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert client.login(username="0912345678", password=password)
    entry = ModelLogEntry.objects.for_instance(neighbour).get()
    assert (entry.action, entry.user) == ("accounts.password_issued", coordinator)
    assert password not in str(entry.data)


def test_new_password_ends_the_old_sessions(browse, coordinator, neighbour):
    held = browse(neighbour)
    browse(coordinator).post(url("password", neighbour))

    assert held.get(reverse("account_change_password")).status_code == 302


@pytest.mark.parametrize("name", ["edit", "password"])
def test_coordinator_does_not_touch_those_with_a_role(browse, coordinator, make_official, name):
    boss = make_official(Role.ADMINISTRATOR, "35", full_name="Vũ Thị Quản")
    PostingFactory(user=boss, unit=unit("350"), cadre=Cadre.DISTRICT_OFFICER)
    client = browse(coordinator)

    assert client.get(url("inspect", boss)).status_code == 200
    assert client.get(url(name, boss)).status_code == 404
    assert client.post(url(name, boss), typed()).status_code == 404
    page = client.get(reverse(INDEX)).content.decode()
    assert "Vũ Thị Quản" in page
    assert url("edit", boss) not in page


def test_administrator_does_not_touch_a_superuser(browse, administrator, edition):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x")
    PostingFactory(user=root, unit=unit("350"))

    assert browse(administrator).get(url("password", root)).status_code == 404


def test_password_of_another_district_is_not_found(browse, coordinator, stranger):
    before = stranger.password

    response = browse(coordinator).post(url("password", stranger))

    assert response.status_code == 404
    assert User.objects.get(pk=stranger.pk).password == before


def test_monitor_looks_and_does_not_touch(browse, make_official, neighbour):
    client = browse(make_official(Role.MONITOR, "35"))

    assert client.get(url("inspect", neighbour)).status_code == 200
    for name in ("edit", "password"):
        response = client.get(url(name, neighbour))
        assert (response.status_code, response["Location"]) == (302, "/quan-tri/")


def test_trainer_does_not_see_the_register(browse, make_official, neighbour):
    client = browse(make_official(Role.TRAINER, "35"))

    response = client.get(reverse(INDEX))

    assert (response.status_code, response["Location"]) == (302, "/quan-tri/")
    assert reverse(INDEX) not in client.get("/quan-tri/").content.decode()


def test_superuser_sees_and_adds_everybody(browse, neighbour, stranger):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x")
    client = browse(root)

    assert names(client.get(reverse(INDEX))) == ["Ngô Văn Gốc", "Lê Thị Lạ", "Trần Văn Nhà"]
    client.post(url("add"), typed(unit="", cadre=""))
    assert User.objects.filter(staff_code="HN777").exists()


def test_nobody_is_deleted(browse, neighbour):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc", "x")

    assert browse(root).get(f"/quan-tri/users/delete/{neighbour.pk}/").status_code == 404


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_bulk_actions_of_wagtail_name_nobody(browse, coordinator, stranger, action):
    address = reverse("wagtail_bulk_action", args=["accounts", "user", action])

    response = browse(coordinator).get(address, {"id": stranger.pk})

    assert response.status_code == 404
    assert "Lê Thị Lạ" not in response.content.decode()


def test_export_holds_the_own_district_and_is_logged(browse, coordinator, neighbour, stranger):
    response = browse(coordinator).get(reverse(INDEX), {"export": "csv"})

    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "Trần Văn Nhà,HN" in text
    assert "0912 345 678" in text
    assert "Lê Thị Lạ" not in text
    entry = ModelLogEntry.objects.get(action="core.export")
    assert (entry.user, entry.data) == (
        coordinator,
        {"list": "danh-sach-can-bo", "format": "csv", "rows": 2},
    )


def test_export_is_told_in_the_history_of_the_exporter(browse, administrator, coordinator):
    browse(coordinator).get(reverse(INDEX), {"export": "xlsx"})

    page = browse(administrator).get(url("history", coordinator)).content.decode()

    assert "Đã xuất danh sách “danh-sach-can-bo” (XLSX, 1 dòng)" in page


def test_own_account_page_of_wagtail_opens(browse, coordinator):
    assert browse(coordinator).get("/quan-tri/account/").status_code == 200


def test_history_tells_what_happened_in_vietnamese(browse, administrator, neighbour):
    browse(administrator).post(url("password", neighbour))

    page = browse(administrator).get(url("history", neighbour)).content.decode()

    assert "Đã cấp mật khẩu mới" in page
