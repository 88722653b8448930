"""The order of the admin's menu, what of Wagtail is left out, and the suite's own look."""

import colorsys
import re
from pathlib import Path

import pytest
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.admin.menu import admin_menu, reports_menu, settings_menu

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


def test_menu_of_a_trainer_follows_the_work_and_no_report_tells_of_the_machinery(person, rf):
    trainer = person(Role.TRAINER)

    assert names(reports_menu, trainer, rf) == ["site-history", "aging-pages"]
    assert names(admin_menu, trainer, rf) == [
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


def test_settings_end_the_menu_and_begin_with_what_the_province_decides(person, rf):
    of_district, of_province = (person(Role.ADMINISTRATOR, code) for code in ("350", "35"))
    found, wider = (names(settings_menu, one, rf) for one in (of_district, of_province))

    assert names(admin_menu, of_district, rf)[-2:] == ["reports", "settings"]
    assert found[:6] == [
        *("programmes", "required-courses", "targets", "report-schedules"),
        *("certificate-templates", "reminder-rules"),
    ]
    # The ways to people are one of the whole province.
    assert wider[wider.index("reminder-rules") + 1] == "ways"
    assert "ways" not in found


def test_nobody_is_sent_to_pages_about_wagtail(person, rf):
    for role in Role:
        assert "help" not in names(admin_menu, person(role), rf), role


def test_front_page_greets_by_the_whole_name_without_a_word_of_wagtail(person):
    home = home_of(person(Role.TRAINER))
    page = re.sub(r"<(script|style|template).*?</\1>", "", home, flags=re.DOTALL)
    words = re.sub(r"<noscript.*?</noscript>|<[^>]*>", " ", page, flags=re.DOTALL)

    assert "Trần Văn Giảng</h1>" in re.sub(r"\s*</h1>", "</h1>", home)
    assert home.count("<h1") == 1
    assert "Wagtail" not in words


def test_lost_in_the_admin_one_reads_a_sentence(person):
    lost = browse(person(Role.TRAINER)).get("/quan-tri/khong-co-trang-nay/")

    assert lost.status_code == 404
    assert "wagtailadmin/404.html" in templates_of(lost)


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


@pytest.mark.parametrize(
    ("name", "dark"), [("primary", False), ("secondary", False), ("secondary", True)]
)
def test_white_text_stands_out_from_the_colours(name, dark):
    assert contrast(WHITE, tone(name, dark=dark)) >= 4.5


def test_links_stand_out_from_a_dark_page():
    hue, saturation, lightness = tone("secondary", dark=True)
    # Wagtail draws them ten points lighter.
    assert contrast(DARK_PAGE, (hue - 0.2, saturation, lightness + 10)) >= 4.5
