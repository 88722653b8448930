"""Texts of several forms that are made ready for the editor at the same time: each stays its own."""

import json
from threading import Barrier, local

import pytest
from wagtail.admin.rich_text.converters.html_to_contentstate import HtmlToContentStateHandler

from courses.models import LessonPage
from tests.at_once import at_once

HERS = "<p>Trẻ em có quyền được bảo vệ.</p><ul><li>Nghe</li><li>Ghi lại</li></ul>"
HIS = "<h2>Số 111</h2><p>Gọi <b>ngay</b> cả ban đêm.</p>"


@pytest.fixture
def editor():
    """The editor of texts in lessons: a process has one, for whoever opens a lesson."""
    block = LessonPage.body.field.stream_block.child_blocks["text"]
    return block.field.widget


@pytest.fixture
def met(monkeypatch):
    """Have two who read a text meet after the first piece of it."""
    both, told = Barrier(2, timeout=20), local()
    read = HtmlToContentStateHandler.handle_starttag

    def read_and_wait(self, name, attrs):
        read(self, name, attrs)
        if not hasattr(told, "met"):
            told.met = both.wait()

    monkeypatch.setattr(HtmlToContentStateHandler, "handle_starttag", read_and_wait)


def lines_of(shown):
    return [(block["type"], block["text"]) for block in json.loads(shown)["blocks"]]


def test_two_who_open_lessons_at_once_see_each_what_stands_in_the_own(editor, met):
    hers, his = at_once(lambda: editor.format_value(HERS), lambda: editor.format_value(HIS))

    assert lines_of(hers) == [
        ("unstyled", "Trẻ em có quyền được bảo vệ."),
        ("unordered-list-item", "Nghe"),
        ("unordered-list-item", "Ghi lại"),
    ]
    assert lines_of(his) == [("header-two", "Số 111"), ("unstyled", "Gọi ngay cả ban đêm.")]
