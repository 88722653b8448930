"""A course out of a folder of TOML files: how the suite gets its first content."""

import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from courses.domain.pictures import add_picture
from courses.domain.question_options import WrittenOption
from courses.domain.questions import step_of_case
from courses.enums import QuizPurpose
from courses.models import (
    CourseIndexPage,
    CoursePage,
    LessonPage,
    ModulePage,
    Question,
    QuestionCase,
    QuestionOption,
    Quiz,
    QuizQuestion,
)
from lms.core.text import nfc


@dataclass
class CourseFolder:
    """What the files say: `course`, `sources` (key to line) and `modules` in file order.

    `course` may have `pre_test`: a first module with a quiz that asks what that of the module with
    the code `post_test` asks.
    """

    folder: Path
    course: dict[str, Any]
    sources: dict[str, str]
    modules: list[dict[str, Any]] = field(default_factory=list)


def read_course_folder(*, folder: Path) -> CourseFolder:
    """Read `sources.toml` and `m*.toml`. Raises OSError or tomllib.TOMLDecodeError."""
    head = _read_toml(folder / "sources.toml")
    reviewed_on = head["course"]["reviewed_on"]
    lines = {key: _source_line(source, reviewed_on) for key, source in head["sources"].items()}
    read = CourseFolder(folder=folder, course=head["course"], sources=lines)
    read.modules = [_read_toml(path) for path in sorted(folder.glob("m*.toml"))]
    return read


@transaction.atomic
def load_course(*, folder: Path, code: str) -> CoursePage:
    """Make and publish the course of this folder below the list of courses.

    A course with this code is returned as it stands: what trainers wrote since is never
    overwritten.
    """
    known = CoursePage.objects.filter(code__iexact=code).first()
    if known is not None:
        return known
    content = read_course_folder(folder=folder)
    course = _publish(
        ensure_course_index(),
        CoursePage(
            title=content.course["title"],
            title_en=content.course.get("title_en", ""),
            slug=code,
            code=code,
            summary=content.course["summary"],
            as_of=content.course["as_of"],
        ),
    )
    before = (
        _load_pre_test_module(course, content.course["pre_test"])
        if "pre_test" in content.course
        else None
    )
    for module in content.modules:
        _load_module(course=course, module=module, content=content)
    if before is not None:
        _pair_tests(course, before, content.course["pre_test"])
    return course


def ensure_course_index() -> CourseIndexPage:
    """Return the list of courses, as the root of the default site; make it when it is missing."""
    index = CourseIndexPage.objects.first()
    if index is not None:
        return index
    root = Page.get_first_root_node()
    index = _publish(root, CourseIndexPage(title=_("Courses"), slug="khoa-hoc"))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "root_page": index,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    # The page that Wagtail's own migration leaves behind greets developers, not trainees.
    for leftover in root.get_children().exact_type(Page):
        leftover.delete()
    return index


def _read_toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _source_line(source: dict[str, str], reviewed_on: date) -> str:
    """Return title, day of the last review and, where one is known, the address of a copy."""
    line = _("%(title)s (reviewed on %(day)s)") % {
        "title": source["title"],
        "day": f"{reviewed_on:%d/%m/%Y}",
    }
    return f"{line} {source['url']}" if "url" in source else line


def _publish(parent: Page, page: Any) -> Any:
    """Add a page with a first revision, so that editors can compare with it later."""
    # Saved three times, it is checked at the first and the last; what it points at is read at the last.
    with disable_reference_index_auto_update():
        page = parent.add_child(instance=page)
        revision = page.save_revision(clean=False)
    revision.publish()
    return page


def _load_module(*, course: CoursePage, module: dict[str, Any], content: CourseFolder) -> None:
    page = _publish(
        course,
        ModulePage(
            title=module["title"],
            title_en=module.get("title_en", ""),
            slug=module["slug"],
            code=module["code"],
            summary=module["summary"],
            as_of=module["as_of"],
            outcomes="\n".join(module["outcomes"]),
            cover=[("picture", _picture(module["cover"], content))] if "cover" in module else [],
        ),
    )
    lessons = {
        lesson["slug"]: _load_lesson(module=page, lesson=lesson, content=content)
        for lesson in module["lessons"]
    }
    quiz = Quiz.objects.create(
        module=page, title=_quiz_title(page.title), title_en=_english_quiz_title(page.title_en)
    )
    cases = {
        case["key"]: QuestionCase.objects.create(
            title=nfc(case["title"]), text=_nfc_lines(case["text"])
        )
        for case in module.get("cases", [])
    }
    for place, question in enumerate(module["questions"]):
        made = _load_question(
            question=question, lessons=lessons, cases=cases, sources=content.sources
        )
        QuizQuestion.objects.create(quiz=quiz, question=made, sort_order=place)


def _quiz_title(module: str) -> str:
    return _("Test: %(module)s") % {"module": module}


def _english_quiz_title(module: str) -> str:
    with override("en"):
        return _quiz_title(module) if module else ""


def _load_pre_test_module(course: CoursePage, said: dict[str, Any]) -> ModulePage:
    """Make the first module: it has nothing to read, only the pre-test."""
    names = ("title", "title_en", "slug", "code", "summary", "as_of")
    module: ModulePage = _publish(course, ModulePage(**{name: said[name] for name in names}))
    return module


def _pair_tests(course: CoursePage, before: ModulePage, said: dict[str, Any]) -> None:
    """Let the quiz of the module that is named be the post-test, and the pre-test ask the same."""
    after = Quiz.objects.get(
        module__in=ModulePage.objects.child_of(course), module__code=said["post_test"]
    )
    after.purpose = QuizPurpose.POST_TEST
    after.save()
    quiz = Quiz.objects.create(
        module=before,
        title=said["quiz"],
        title_en=said["quiz_en"],
        purpose=QuizPurpose.PRE_TEST,
        max_attempts=1,
    )
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question_id=question_id, sort_order=place)
        for place, question_id in after.quiz_questions.values_list("sort_order", "question")
    )


def _load_lesson(
    *, module: ModulePage, lesson: dict[str, Any], content: CourseFolder
) -> LessonPage:
    return _publish(
        module,
        LessonPage(
            title=lesson["title"],
            slug=lesson["slug"],
            summary=lesson["summary"],
            as_of=lesson["as_of"],
            minutes=lesson["minutes"],
            is_required=lesson.get("required", True),
            sources="\n".join(content.sources[key] for key in lesson["sources"]),
            body=[_block(block, content) for block in lesson["blocks"]],
        ),
    )


def _block(block: dict[str, Any], content: CourseFolder) -> tuple[str, Any]:
    kind = block["type"]
    if kind == "text":
        return "text", _nfc_lines(block["html"])
    if kind == "figure":
        return kind, {"image": _picture(block, content), "caption": nfc(block["caption"])}
    return kind, {key: _nfc_lines(value) for key, value in block.items() if key != "type"}


def _picture(said: dict[str, str], content: CourseFolder) -> AbstractImage:
    """Return the picture that a cover or figure names, with its alternative text."""
    return add_picture(folder=content.folder / "pictures", name=said["picture"], alt=said["alt"])


def _nfc_lines(text: str) -> str:
    """Return text in NFC with its line breaks kept."""
    return "\n".join(nfc(line) for line in text.strip().splitlines())


def _load_question(
    *,
    question: dict[str, Any],
    lessons: dict[str, LessonPage],
    cases: dict[str, QuestionCase],
    sources: dict[str, str],
) -> Question:
    case = cases[question["case"]] if "case" in question else None
    made = Question.objects.create(
        key=question["key"],
        kind=question["kind"],
        text=nfc(question["text"]),
        explanation=nfc(question["explanation"]),
        source=sources[question["source"]],
        as_of=question["as_of"],
        lesson=lessons[question["lesson"]],
        case=case,
        case_step=step_of_case(case=case, typed=None, pk=None),
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(question=made, sort_order=place, **asdict(option))
        for place, option in enumerate(read_options(question))
    )
    return made


def read_options(question: dict[str, Any]) -> list[WrittenOption]:
    """Return the answers of a question as the file has them; where none is wrong none says so."""
    return [
        WrittenOption(
            text=nfc(option["text"]),
            is_correct=option.get("correct", True),
            **{name: nfc(option.get(name, "")) for name in ("match", "tolerance", "feedback")},
        )
        for option in question["options"]
    ]
