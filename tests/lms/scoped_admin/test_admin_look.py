"""The order of the admin's menu, what of Wagtail is left out, and the suite's own look."""

import colorsys
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.admin.menu import admin_menu, reports_menu, settings_menu
from wagtail.users.models import UserProfile

from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role, ensure_role_groups
from lms.scoped_admin.admin_look import ICONS
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import make_course
from tests.factories.geography import unit
from tests.reading import html_of, templates_of

STYLESHEET = Path("lms/design/static/lms/css/admin.css")


@pytest.fixture
def person(edition):
    ensure_role_groups(course_root=make_course())

    def make(role, code="350"):
        user = UserFactory(full_name="Trần Văn Giảng")
        assign_role(user=user, role=role, unit=unit(code))
        return user

    return make


def names(menu, user, rf):
    # The viewsets add their entries when the addresses are loaded.
    request = rf.get(reverse("wagtailadmin_home"))
    request.user = user
    items = sorted(menu.menu_items_for_request(request), key=lambda item: item.order)
    return [item.name for item in items]


def home_of(user):
    return html_of(browse(user).get(reverse("wagtailadmin_home")))


def test_menu_of_a_trainer_follows_the_work(person, rf):
    assert names(admin_menu, person(Role.TRAINER), rf) == [
        "sessions-today",
        "runs",
        "explorer",
        "questions",
        "question_cases",
        "quizzes",
        "images",
        "documents",
        "imports",
        "certificates",
        "reports",
    ]


def test_menu_of_an_administrator_ends_with_the_settings(person, rf):
    assert names(admin_menu, person(Role.ADMINISTRATOR), rf)[-2:] == ["reports", "settings"]


def test_settings_begin_with_what_the_province_decides(person, rf):
    found = names(settings_menu, person(Role.ADMINISTRATOR), rf)

    assert found[:6] == [
        *("programmes", "required-courses", "targets", "report-schedules"),
        *("certificate-templates", "reminder-rules"),
    ]


def test_ways_to_people_are_a_setting_of_the_whole_province(person, rf):
    found = names(settings_menu, person(Role.ADMINISTRATOR, "35"), rf)

    assert found[found.index("reminder-rules") + 1] == "ways"
    assert "ways" not in names(settings_menu, person(Role.ADMINISTRATOR), rf)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_sent_to_pages_about_wagtail(person, rf, role):
    assert "help" not in names(admin_menu, person(role), rf)


def test_reports_on_the_machinery_are_left_out(person, rf):
    assert names(reports_menu, person(Role.TRAINER), rf) == ["site-history", "aging-pages"]


def test_front_page_greets_by_the_whole_name_without_a_word_of_wagtail(person):
    home = home_of(person(Role.TRAINER))
    page = re.sub(r"<(script|style|template).*?</\1>", "", home, flags=re.DOTALL)
    words = re.sub(r"<noscript.*?</noscript>|<[^>]*>", " ", page, flags=re.DOTALL)

    assert "Trần Văn Giảng</h1>" in re.sub(r"\s*</h1>", "</h1>", home)
    assert home.count("<h1") == 1
    assert "Wagtail" not in words


def test_lost_in_the_admin_one_reads_a_sentence_and_gives_no_name_and_no_picture(person):
    client = browse(person(Role.TRAINER))

    lost = client.get("/quan-tri/khong-co-trang-nay/")
    page = html_of(client.get(reverse("wagtailadmin_account")))

    assert lost.status_code == 404
    assert "wagtailadmin/404.html" in templates_of(lost)
    assert "locale-preferred_language" in page
    assert "name_email-first_name" not in page
    assert "avatar-avatar" not in page


def test_account_page_keeps_the_chosen_language(person):
    client = Client()
    user = person(Role.TRAINER)
    client = browse(user)
    chosen = {
        "locale-preferred_language": "en",
        "locale-current_time_zone": "",
        "theme-theme": "light",
        "theme-contrast": "system",
        "theme-density": "default",
    }

    response = client.post(reverse("wagtailadmin_account"), chosen)

    assert response.status_code == 302
    assert UserProfile.get_for_user(user).preferred_language == "en"


def test_own_icons_are_in_the_sprite():
    sprite = get_icons()

    assert [name for name in ICONS if f'id="icon-{name}"' not in sprite] == []


# --- Colours


def luminance(hue, saturation, lightness):
    channels = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tone(name, *, dark=False):
    """Hue, saturation and lightness of a colour of ours, as the stylesheet sets it."""
    css = STYLESHEET.read_text(encoding="utf-8")
    found = dict(re.findall(rf"--w-color-{name}-(\w+): ([\d.]+)", css.split("}")[0]))
    if dark:
        dark_rule = re.search(r"\.w-theme-dark\s*{([^}]*)}", css)[1]
        found |= re.findall(rf"--w-color-{name}-(\w+): ([\d.]+)", dark_rule)
    return tuple(float(found[part]) for part in ("hue", "saturation", "lightness"))


WHITE = (0, 0, 100)
# Wagtail's grey-600, the page of its dark theme.
DARK_PAGE = (0, 0, 14.9)


@pytest.mark.parametrize("name", ["primary", "secondary"])
def test_white_text_stands_out_from_the_colours(name):
    assert contrast(WHITE, tone(name)) >= 4.5


def test_white_text_stands_out_from_buttons_on_a_dark_page():
    assert contrast(WHITE, tone("secondary", dark=True)) >= 4.5


def test_links_stand_out_from_a_dark_page():
    hue, saturation, lightness = tone("secondary", dark=True)
    # Wagtail draws them ten points lighter.
    assert contrast(DARK_PAGE, (hue - 0.2, saturation, lightness + 10)) >= 4.5
