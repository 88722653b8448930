"""The installed packages speak Vietnamese wherever somebody can read them."""

import json
import re

import pytest
from babel.messages.catalog import Message
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from tests.tools.extraction import first_id
from tests.tools.installed import seen_messages

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
    script = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
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


def test_the_supplement_says_nothing_in_english():
    with translation.override("en"):
        assert gettext("Unpublish") == "Unpublish"
        assert ngettext("%(num)d day", "%(num)d days", 2) == "%(num)d days"
