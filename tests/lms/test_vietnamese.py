"""The installed packages speak Vietnamese wherever somebody can read them."""

import json
import re

import pytest
from babel.messages.catalog import Message
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.models import Collection, Page, Task, Workflow

from lms.catalogues.extraction import first_id
from lms.catalogues.installed import seen_messages
from tests.factories.accounts import UserFactory, browse
from tests.reading import html_of

# The same in both languages, or nothing but marks and what is filled in.
SAME_IN_BOTH = {
    *("IPv4", "IPv6", "%s KB", "%s MB", "%s GB", "%s TB", "%s PB"),
    *("…", ":", ":?.!", ", ", "%(field_label)s:", "%(truncated_text)s…"),
    "%(status_display)s %(task_name)s %(started_at)s",
}


def last_id(message: Message) -> str:
    return message.id[-1] if message.pluralizable else message.id


def spoken(message: Message) -> str:
    """What Django says for a message, or for several things, in the present language."""
    ids = message.id if message.pluralizable else (message.id,)
    if message.context:
        return npgettext(message.context, *ids, 2) if ids[1:] else pgettext(message.context, *ids)
    return ngettext(*ids, 2) if ids[1:] else gettext(*ids)


def test_every_message_that_can_be_seen_is_spoken_in_vietnamese():
    with translation.override("vi"):
        left_in_english = {
            first_id(message)
            for message in seen_messages("django")
            if message.id and spoken(message) == last_id(message)
        }

    assert left_in_english == SAME_IN_BOTH


@pytest.fixture
def script_words(client) -> dict[str, object]:
    """The catalogue that the scripts of Wagtail's admin are given."""
    script = html_of(client.get(reverse("wagtailadmin_javascript_catalog")))
    return json.loads(re.search(r"const newcatalog = (\{.*?\n  \});", script, re.DOTALL)[1])


@pytest.mark.django_db
def test_every_message_of_the_admin_scripts_is_spoken_in_vietnamese(script_words):
    missing = [
        first_id(message)
        for message in seen_messages("djangojs")
        if message.id and first_id(message) not in script_words
    ]

    assert missing == []


@pytest.mark.django_db
def test_our_words_win_over_those_of_the_package(script_words):
    assert script_words["Delete error"] == "Lỗi khi xoá"
    with translation.override("vi"):
        assert gettext("Unpublish") == "Gỡ xuất bản"


@pytest.mark.django_db
def test_link_dialogs_name_their_fields():
    client = browse(UserFactory(is_superuser=True, is_staff=True))

    dialogs = [
        client.get(reverse(f"wagtailadmin_choose_page_{kind}_link")).json()["html"]
        for kind in ("anchor", "email", "external", "phone")
    ]

    labels = [re.findall(r'<label class="w-field__label"[^>]*>\s*([^<]*?)\s*<', d) for d in dialogs]
    assert labels == [
        ["Tên mục trong trang", "Chữ của liên kết"],
        ["Địa chỉ thư điện tử", "Chữ của liên kết", "Tiêu đề thư", "Nội dung thư"],
        ["Địa chỉ (URL)", "Chữ của liên kết"],
        ["Số điện thoại", "Chữ của liên kết"],
    ]


@pytest.mark.parametrize(("value", "label"), [(True, "Có"), (False, "Không"), (None, "Không rõ")])
def test_tick_in_a_list_is_named(value, label):
    context = {"column": BooleanColumn("x"), "value": value}

    with translation.override("vi"):
        cell = render_to_string("wagtailadmin/tables/boolean_cell.html", context)

    assert strip_tags(cell).strip() == label


@pytest.mark.django_db
def test_rows_that_wagtail_makes_have_vietnamese_names():
    assert Page.objects.get(depth=1).title == "Gốc"
    assert Collection.objects.get(depth=1).name == "Gốc"
    assert [*Workflow.objects.values_list("name", flat=True)] == ["Duyệt bài"]
    assert [*Task.objects.values_list("name", flat=True)] == ["Duyệt bài"]
