"""The outline of a course for its authors: states, what should be looked at, who may see it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images import get_image_model

from courses.domain.content_health import (
    LESSON_BUDGET,
    Content,
    Targets,
    find_targets,
    lesson_faults,
    read_content,
)
from courses.domain.written_outline import (
    ENOUGH_QUESTIONS,
    WrittenLesson,
    WrittenModule,
    written_outline,
)
from courses.enums import ContentFault, PageState
from courses.models import CourseEdition, CourseIndexPage, LessonPage, ModulePage, Quiz
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import log_in, make_official
from tests.factories.courses import make_course, make_quiz
from tests.reading import html_of
from tests.shared import shared

NOW = timezone.now()
NOTHING = Targets(images={}, documents=set(), pages=set())
TEXT = {"type": "text", "value": "<p>Chữ</p>"}


def faults_of(content, targets=NOTHING, **facts):
    facts = {"sources": "Luật", "reviewed_at": NOW, "now": NOW} | facts
    return lesson_faults(content=content, targets=targets, **facts)


def figure(pk=1, alt_text="", decorative=False):
    image = {"image": pk, "alt_text": alt_text, "decorative": decorative}
    return {"type": "figure", "value": {"image": image, "caption": ""}}


def link(kind, pk):
    return {"type": "text", "value": f'<p><a id="{pk}" linktype="{kind}">đây</a></p>'}


@pytest.mark.parametrize(
    ("blocks", "targets", "faults"),
    [
        ([TEXT], NOTHING, []),
        ([], NOTHING, [ContentFault.EMPTY]),
        ([figure()], Targets({1: 100}, set(), set()), [ContentFault.NO_ALT]),
        ([figure(alt_text="Buổi học")], Targets({1: 100}, set(), set()), []),
        ([figure(decorative=True)], Targets({1: 100}, set(), set()), []),
        ([figure(alt_text="Buổi học")], NOTHING, [ContentFault.DEAD_LINK]),
        ([figure(alt_text="x")], Targets({1: LESSON_BUDGET}, set(), set()), [ContentFault.HEAVY]),
        ([link("page", 7)], NOTHING, [ContentFault.DEAD_LINK]),
        ([link("page", 7)], Targets({}, set(), {7}), []),
        ([link("document", 7)], Targets({}, set(), {7}), [ContentFault.DEAD_LINK]),
        ([link("document", 7)], Targets({}, {7}, set()), []),
        ([{"type": "video", "value": {"file": 3}}], NOTHING, [ContentFault.DEAD_LINK]),
    ],
)
def test_content_of_a_lesson_shows_its_faults(blocks, targets, faults):
    assert faults_of(read_content(blocks), targets) == faults


def test_dead_link_inside_an_opening_part_is_found():
    item = {"type": "item", "value": {"heading": "Hỏi", "text": link("page", 7)["value"]}}
    accordion = {"type": "accordion", "value": {"items": [item]}}

    assert faults_of(read_content([accordion])) == [ContentFault.DEAD_LINK]
    assert faults_of(read_content([accordion]), Targets({}, set(), {7})) == []


def test_sources_written_as_a_block_are_sources():
    named = {"type": "item", "value": {"title": "Luật Trẻ em 102/2016/QH13", "url": ""}}
    block = {"type": "sources", "value": {"sources": [named], "reviewed_by": "Mai"}}

    assert faults_of(read_content([TEXT, block]), sources="") == []
    assert faults_of(read_content([TEXT]), sources="") == [ContentFault.NO_SOURCE]


def test_lesson_without_source_or_review_says_so():
    content = Content(size=10)

    assert faults_of(content, sources=" ") == [ContentFault.NO_SOURCE]
    assert faults_of(content, reviewed_at=NOW - timedelta(days=366)) == [ContentFault.OLD]
    assert faults_of(content, reviewed_at=NOW - timedelta(days=364)) == []
    assert faults_of(content, reviewed_at=None) == []


@shared
def written(edition):
    """A lesson each: live, changed, waiting and draft; the text of the last stands in its draft."""
    course = make_course(lessons=3)
    ensure_role_groups(course_root=CourseIndexPage.objects.get())
    module = ModulePage.objects.get()
    _live, changed, waiting = LessonPage.objects.order_by("path")
    changed.minutes = 25
    changed.save_revision()
    waiting.save_revision()
    waiting.get_workflow().start(waiting, make_official(Role.TRAINER, "350"))
    draft = module.add_child(
        instance=LessonPage(title="Nháp", slug="nhap", as_of="2014", live=False)
    )
    draft.sources = "Luật Trẻ em 2016"
    draft.body = [("text", "<p>Mới</p>")]
    draft.save_revision()
    return course


def test_outline_tells_each_page_as_it_was_last_written_and_the_newest_edition(written):
    outline = written_outline(course=written, now=NOW)
    [module] = outline.modules
    lessons = module.lessons

    assert outline.edition is None
    states = [PageState.LIVE, PageState.CHANGED, PageState.WAITING, PageState.DRAFT]
    assert [one.state for one in lessons] == states
    assert [one.minutes for one in lessons] == [8, 25, 8, 8]
    lacking = [ContentFault.NO_SOURCE in one.faults for one in lessons]
    assert lacking == [True, True, True, False]
    assert lessons[3].faults == []
    assert module.faults == [ContentFault.NO_QUIZ]

    newest = CourseEdition.objects.create(course=written, number=2, created_at=NOW)
    outline = written_outline(course=written, now=NOW)
    assert outline.edition == newest
    assert {lesson.in_edition for lesson in outline.modules[0].lessons} == {False}


@pytest.mark.parametrize(
    ("questions", "faults"),
    [(ENOUGH_QUESTIONS - 1, [ContentFault.FEW_QUESTIONS]), (ENOUGH_QUESTIONS, [])],
)
def test_module_with_few_questions_says_so(edition, questions, faults):
    course = make_course()
    make_quiz(ModulePage.objects.get(), questions=questions)

    [module] = written_outline(course=course, now=NOW).modules

    assert (module.question_count, module.faults) == (questions, faults)


@pytest.mark.parametrize(("modules", "lessons"), [(1, 1), (3, 4)])
def test_outline_spends_the_same_queries_whatever_its_length(
    edition, django_assert_num_queries, modules, lessons
):
    course = make_course(modules=modules, lessons=lessons)
    for module in ModulePage.objects.all():
        make_quiz(module)
    file = BytesIO()
    Picture.new("RGB", (90, 60)).save(file, "PNG")
    image = get_image_model().objects.create(
        title="anh", file=ContentFile(file.getvalue(), name="a.png")
    )
    for page in LessonPage.objects.all():
        page.body = [figure(image.pk) | {"id": "1"}]
        page.save_revision().publish()

    with django_assert_num_queries(8):
        written_outline(course=course, now=NOW)


@pytest.mark.parametrize(
    ("role", "area", "status", "adds"),
    [
        (Role.TRAINER, "350", 200, True),
        (Role.ADMINISTRATOR, "35", 200, True),
        (Role.REVIEWER, "35", 200, False),
        (Role.REVIEWER, "350", 302, False),
        (Role.MONITOR, "35", 302, False),
        (Role.COORDINATOR, "350", 302, False),
    ],
)
def test_outline_is_for_those_who_write_or_approve_the_course(written, role, area, status, adds):
    client = log_in(role, area)
    address = reverse("course_outline", args=[written.pk])
    add = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", written.pk])

    answer = client.get(address)
    listed = client.get(reverse("wagtailadmin_explore", args=[written.get_parent().pk]))

    assert answer.status_code == status
    assert (add in html_of(answer)) is adds
    assert (f"{reverse('questions:add')}?lesson=" in html_of(answer)) is adds
    assert (address in html_of(listed)) is (status == 200)


@pytest.mark.parametrize(
    ("role", "area", "drags"), [(Role.TRAINER, "350", False), (Role.ADMINISTRATOR, "35", True)]
)
def test_handles_to_drag_pages_are_for_those_who_may(written, role, area, drags):
    client = log_in(role, area)
    for page in (written, ModulePage.objects.get()):
        listed = client.get(reverse("wagtailadmin_explore", args=[page.pk]))
        assert ("data-w-orderable-url-value" in html_of(listed)) is drags


def test_quiz_is_added_to_the_module_from_which_one_comes(written):
    module = ModulePage.objects.get()
    page = log_in(Role.TRAINER, "350").get(reverse("quizzes:add"), {"module": module.pk})

    assert page.context["form"].initial["module"] == module.pk


def test_only_what_lies_here_counts_as_a_link():
    link = '<a linktype="page" id="7">một</a><a href="https://vbpl.vn/">hai</a>'

    content = read_content([{"value": link}, {"value": ["một", "hai"]}])

    assert (content.pages, content.documents, content.images) == ([7], [], [])


@pytest.mark.django_db
def test_drawing_weighs_what_its_file_weighs():
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"/>'
    image = get_image_model().objects.create(title="Hình", file=ContentFile(drawing, "hinh.svg"))
    image.get_file_size()
    content = read_content([{"value": {"image": {"image": image.pk, "alt_text": "Hình"}}}])

    assert find_targets([content]).images == {image.pk: len(drawing)}


def test_fault_of_a_module_that_comes_first_is_named_alone():
    lesson = WrittenLesson(1, "Bài", "", 8, True, PageState.LIVE, [], None)
    quiz = Quiz(title="Kiểm tra")
    known = (1, "Một", "", "M01", PageState.LIVE)
    empty = WrittenModule(*known)
    drawing = WrittenModule(*known, quiz=quiz, can_draw=False, lessons=[lesson])

    assert empty.faults == [ContentFault.EMPTY]
    assert drawing.faults == [ContentFault.TOO_FEW_TO_DRAW]


def test_edition_is_made_by_hand_once_while_nothing_changes(written):
    address = reverse("course_outline", args=[written.pk])
    client = log_in(Role.ADMINISTRATOR, "35")

    offered = client.get(address).context["may_make_edition"]
    for _ in range(2):
        client.post(address)

    assert offered
    assert CourseEdition.objects.filter(course=written).count() == 1
    assert not client.get(address).context["may_make_edition"]


def test_nobody_makes_an_edition_of_nothing_nor_whoever_only_reads(written):
    address = reverse("course_outline", args=[written.pk])
    log_in(Role.REVIEWER, "350").post(address)
    assert not CourseEdition.objects.exists()
    LessonPage.objects.update(live=False)
    client = log_in(Role.ADMINISTRATOR, "35")

    offered = client.get(address).context
    client.post(address)

    assert not offered["may_make_edition"]
    assert written.title in offered["edition_refusal"]
    assert not CourseEdition.objects.exists()
