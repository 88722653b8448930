"""A course from nothing: written by a trainer, opened by an administrator, learned on a phone."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Collection

from courses.enums import EnrolmentStatus
from courses.models import CourseIndexPage, CoursePage, CourseRun, Enrolment, Programme, Quiz
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role, ensure_role_groups
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.courses import make_course
from tests.factories.geography import make_map, unit
from tests.running import DESKTOP

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

COURSE, MODULE, LESSON, QUIZ = "An toàn mùa lũ", "Trước mùa lũ", "Chuẩn bị ở nhà", "Kiểm tra"
CLASS = "Lớp An toàn mùa lũ"


def person(name: str, role: Role | None = None, code: str = "35", **fields: object) -> User:
    user = UserFactory(full_name=name, **fields)
    if role:
        assign_role(user=user, role=role, unit=unit(code))
    return user


@pytest.fixture
def people(live_server):
    make_map()
    # Gone where another test has emptied the database.
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    # The list of courses alone.
    course = make_course("cu")
    ensure_role_groups(course_root=course.get_parent())
    course.delete()
    Programme.objects.create(
        name="Dự án 2", code="da2", edition=unit("35").edition,
        starts_on="2014-01-01", ends_on="2030-12-31",
    )  # fmt: skip
    trainee = person("Đỗ Thị Đào")
    PostingFactory(user=trainee, unit=unit("13387"), cadre=Cadre.COLLABORATOR)
    return (
        person("Trần Thị Hà", Role.TRAINER),
        person("Vũ Đức Long", Role.ADMINISTRATOR),
        trainee,
    )


def test_course_is_written_opened_and_learned(open_live, people):
    trainer, administrator, trainee = people

    write_course(open_live(trainer, viewport=DESKTOP, locale="vi"))
    open_class(open_live(administrator, viewport=DESKTOP, locale="vi"), trainer)
    learn(open_live(trainee))

    enrolment = Enrolment.objects.get(user=trainee)
    assert enrolment.status == EnrolmentStatus.COMPLETED


def write_course(page: Page) -> None:
    index = CourseIndexPage.objects.get()
    page.goto(f"/quan-tri/pages/{index.pk}/add_subpage/")
    page.get_by_role("link", name="Khoá học", exact=True).last.click()
    fill(page, title=COURSE, code="LU", as_of="2014")
    publish(page)
    next_step(page, "Thêm chuyên đề")
    fill(page, title=MODULE, code="M01", as_of="2014")
    publish(page)
    next_step(page, "Thêm bài học")
    write_lesson(page)
    write_questions(page)
    write_quiz(page)


def write_lesson(page: Page) -> None:
    fill(page, title=LESSON, as_of="2014", sources="Luật 2004", minutes="5")
    add_block(page, "Đoạn văn")
    page.locator(".public-DraftEditor-content").last.click()
    page.keyboard.type("Cất giấy tờ ở chỗ cao.")
    add_block(page, "Câu hỏi tự kiểm tra")
    fill(page, **{"body-1-value-question": "Nhà có áo phao chưa?", "body-1-value-answer": "Có."})
    publish(page)


def add_block(page: Page, name: str) -> None:
    page.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def write_questions(page: Page) -> None:
    page.get_by_role("link", name=f"Thêm câu hỏi về “{LESSON}”").click()
    for number, button in enumerate(("Xuất bản và thêm câu khác", "Xuất bản"), start=1):
        fill(page, key=f"M01-Q0{number}", text=f"Câu {number}?", explanation="Vì an toàn.")
        fill(page, **{"options-0-text": "Đúng", "options-1-text": "Sai"})
        page.locator("[name='options-0-is_correct']").check()
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".messages .success")).to_be_visible()


def write_quiz(page: Page) -> None:
    course = CoursePage.objects.get(title=COURSE)
    page.goto(f"/quan-tri/courses/{course.pk}/outline/")
    page.get_by_role("link", name="Thêm bài kiểm tra").click()
    fill(page, title=QUIZ)
    page.get_by_role("button", name="Thêm câu hỏi").click()
    for number in (1, 2):
        page.get_by_role("checkbox", name=f"M01-Q0{number}").check()
    page.get_by_role("button", name="Xác nhận lựa chọn").click()
    expect(page.locator(".modal")).not_to_be_visible()
    page.get_by_role("button", name="Tạo", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert Quiz.objects.get(title=QUIZ).quiz_questions.count() == 2


def open_class(page: Page, trainer: User) -> None:
    page.goto("/quan-tri/runs/new/")
    today = timezone.localdate()
    fill_day(page, starts_on=today)
    fill_day(page, ends_on=today + timedelta(days=60))
    fill(page, title=CLASS, code="LU-01", place="Hội trường")
    page.locator("[name=unit]").select_option(value=str(unit("350").pk))
    page.get_by_label(trainer.full_name).check()
    page.get_by_role("button", name=re.compile("^(Tạo|Lưu|Lập)")).click()
    expect(page.locator(".messages .success")).to_be_visible()
    run = CourseRun.objects.get(code="LU-01")
    page.goto(f"/quan-tri/runs/{run.pk}/enrol/by-name/?q=dao")
    page.get_by_role("checkbox", name="Đỗ Thị Đào").check()
    page.get_by_role("button", name="Ghi danh người đã chọn").click()
    # It has no session, so it asks for no hours.
    page.goto(f"/quan-tri/runs/{run.pk}/requirements/")
    for name in ("ask-lessons", "ask-quizzes"):
        expect(page.locator(f"[name={name}]")).to_be_checked()
    page.locator("[name=ask-attendance_hours]").uncheck()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(f"/quan-tri/runs/{run.pk}/open/")
    page.get_by_role("button", name="Mở lớp").click()
    expect(page.locator(".messages .success")).to_be_visible()


def learn(page: Page) -> None:
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Học tiếp").first.click()
    expect(page.get_by_text("Cất giấy tờ ở chỗ cao.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Đã học xong").first.click()
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Làm bài kiểm tra").first.click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for button in ("Câu sau", "Xem lại"):
        page.get_by_label("Đúng").check()
        page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("2/2").first).to_be_visible()


def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"[name='{name}']").fill(text)


def fill_day(page: Page, **days: date) -> None:
    """The calendar opens a moment later, and may lie over a button: it is waited for and closed."""
    for name, day in days.items():
        fill(page, **{name: f"{day:%d/%m/%Y}"})
        expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
        page.locator(f"[name='{name}']").blur()
        expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)


def publish(page: Page) -> None:
    page.get_by_role("button", name="Xuất bản").first.click()
    expect(page.locator(".messages .success")).to_be_visible()


def next_step(page: Page, name: str) -> None:
    """What the message after saving offers."""
    page.get_by_role("status").get_by_role("link", name=name).click()
