"""The English interface says which words are Vietnamese: a screen reader reads each as it is spoken."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from wagtail.models import Page

from courses.domain.lessons import complete_lesson
from courses.domain.notes import save_note
from courses.domain.quizzes import start_attempt
from courses.models import LessonPage
from lms.core.models import change_site_details
from tests.courses.views.conftest import address_of, take
from tests.factories.attendance import SessionFactory
from tests.factories.courses import EVENING
from tests.factories.rows import set_fields
from tests.reading import html_of

pytestmark = pytest.mark.django_db

VIETNAMESE = re.compile("[À-ỹ]")
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Spoken(HTMLParser):
    """Collects words with Vietnamese letters that stand in an element of another language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        above = self.open[-1][1] if self.open else ""
        said = dict(attrs)
        language = said.get("lang", above)
        for name in ("aria-label", "alt", "placeholder"):
            self._look(said.get(name) or "", language)
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language = self.open[-1] if self.open else ("", "")
        if tag not in {"script", "style", "title"}:
            self._look(data, language)

    def _look(self, text, language):
        if language == "en" and VIETNAMESE.search(text):
            self.found.append(" ".join(text.split()))


def unmarked(html):
    spoken = Spoken()
    spoken.feed(html)
    return spoken.found


def test_what_is_not_marked_is_noticed():
    page = """<html lang="en"><body><h1>Quyền trẻ em</h1><p lang="vi">Đã <b>rõ</b></p>
        <img alt="Sơ đồ" src="x"><p>Read</p></body></html>"""

    assert unmarked(page) == ["Quyền trẻ em", "Sơ đồ"]


@pytest.fixture
def addresses(as_trainee, enrolment, course, module, lessons, quiz):
    """The pages of a trainee in the middle of a course with every kind of block."""
    change_site_details(name="Tập huấn Hà Nam", unit="Sở Lao động", programme_line="Tỉnh Hà Nam")
    for page in (course, module, *lessons):
        set_fields(page, summary="Tóm tắt của trang", as_of="năm 2014")
    lesson = LessonPage.objects.get(pk=lessons[1].pk)
    block = lesson.body.stream_block
    lesson.body = [
        (name, child.get_preview_value())
        for name, child in block.child_blocks.items()
        if name not in {"figure", "audio", "video", "document"}
    ]
    lesson.sources = "Luật Trẻ em"
    lesson.save_revision().publish()
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)
    save_note(user=enrolment.user, lesson=lesson, text="Gọi số điện thoại 111", at=EVENING)
    attempt = take(enrolment, quiz, EVENING, right=1)
    begun = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    SessionFactory(run=enrolment.run, title="Buổi 1: Mở đầu")
    return {
        "my work": reverse("courses:my_work"),
        "class": reverse("courses:my_class", args=[enrolment.pk]),
        "courses": "/khoa-hoc/",
        "course": f"/khoa-hoc/{course.slug}/",
        "module": Page.objects.get(pk=module.pk).url or "",
        "read lesson": address_of(lessons[0]),
        "lesson": address_of(lesson),
        "note": reverse("courses:note", args=[lesson.pk]),
        "notes": reverse("courses:notes"),
        "search": f"{reverse('courses:search')}?q=bai",
        "nothing found": f"{reverse('courses:search')}?q=voi ma mút",
        "quiz": reverse("courses:quiz_start", args=[quiz.pk]),
        "question": reverse("courses:quiz_question", args=[begun.pk, 1]),
        "hand in": reverse("courses:quiz_submit", args=[begun.pk]),
        "sessions": reverse("attendance:my_sessions"),
        "certificates": reverse("certificates:mine"),
        "profile": reverse("courses:profile"),
        "result": reverse("courses:quiz_result", args=[attempt.pk]),
    }


def test_vietnamese_is_marked_on_each_page_of_a_trainee(as_trainee, addresses):
    # A Vietnamese page bears no marks.
    assert 'lang="en"' not in html_of(as_trainee.get(addresses["lesson"])).split("<main")[1]
    as_trainee.cookies["django_language"] = "en"
    found = {}
    for name, address in addresses.items():
        response = as_trainee.get(address)
        assert response.status_code == 200, name
        found[name] = unmarked(html_of(response))

    assert {name: texts for name, texts in found.items() if texts} == {}
