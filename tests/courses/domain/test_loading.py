"""The course that the suite brings along, and what a broken folder answers."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.validators import URLValidator
from wagtail.models import ReferenceIndex

from courses.domain.loading import load_course, read_course_folder, read_options
from courses.domain.question_options import check_options
from courses.enums import QuestionKind, QuizPurpose
from courses.models import CoursePage, LessonPage, ModulePage, Question, Quiz
from tests.factories.courses import make_course, make_root
from tests.factories.rows import set_fields

FOLDER = settings.FIXTURES_DIR / "course"
CONTENT = read_course_folder(folder=FOLDER)
SHORT = read_course_folder(folder=settings.FIXTURES_DIR / "short_course")
BOTH = pytest.mark.parametrize("content", [CONTENT, SHORT], ids=["course", "short_course"])
# How a case that nobody lived through begins.
MADE_UP = "Tình huống giả định: "
MODULES = [(content, module) for content in (CONTENT, SHORT) for module in content.modules]
PAGES = [(content, lesson) for content, module in MODULES for lesson in module["lessons"]]
LESSONS = [pair for pair in PAGES if pair[1].get("required", True)]
JOB_AIDS = [lesson for _content, lesson in PAGES if not lesson.get("required", True)]
QUESTIONS = [question for _content, module in MODULES for question in module["questions"]]
PICTURES = [path for found in (CONTENT, SHORT) for path in (found.folder / "pictures").iterdir()]


@pytest.fixture
def site(db) -> None:
    make_root()


@pytest.fixture
def short(site, tmp_path: Path) -> Path:
    """A folder with the first module alone: the whole course is loaded once."""
    for name in ("sources.toml", "m01.toml"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "pictures").symlink_to(FOLDER / "pictures")
    return tmp_path


def words_of(lesson: dict) -> int:
    texts = [
        str(value)
        for block in lesson["blocks"]
        for key, value in block.items()
        if key not in {"type", "tone", "picture", "alt"}
    ]
    return len(re.sub(r"<[^>]+>", " ", " ".join(texts)).split())


def test_content_has_ten_modules_and_thirty_lessons():
    lessons = [lesson for content, lesson in LESSONS if content is CONTENT]
    assert (len(CONTENT.modules), len(lessons), len(JOB_AIDS)) == (10, 30, 10)


def test_module_asks_six_times_what_to_do_now():
    for _content, module in MODULES:
        cases = [q for q in module["questions"] if q["text"].startswith(MADE_UP) or "case" in q]
        assert len(cases) >= 6, module["code"]
        # Each lesson is asked about, by a case.
        taught = [lesson for lesson in module["lessons"] if lesson not in JOB_AIDS]
        assert {q["lesson"] for q in cases} == {lesson["slug"] for lesson in taught}
        assert len(cases) * 2 > len(module["questions"]), module["code"]


def test_questions_ask_for_no_budget_and_no_count_of_articles():
    money = re.compile(r"\d (triệu |tỷ )?đồng|kinh phí")
    counts = re.compile(r"(mấy|bao nhiêu|\d+) (chương|điều)\b")
    texts = {q["key"]: " ".join([q["text"], *(o["text"] for o in q["options"])]) for q in QUESTIONS}
    asked = [key for key, text in texts.items() if money.search(text) or counts.search(text)]
    assert asked == []


def test_the_longest_answer_is_not_the_right_one_more_often_than_by_chance():
    singles = [q["options"] for q in QUESTIONS if q["kind"] == QuestionKind.SINGLE]
    longest = [max(options, key=lambda option: len(option["text"])) for options in singles]
    assert sum(option["correct"] for option in longest) / len(longest) < 1 / 3


def test_lesson_is_short_sourced_and_dated():
    for content, lesson in LESSONS:
        slug = lesson["slug"]
        assert 150 <= words_of(lesson) <= 400, slug
        assert lesson["as_of"], slug
        assert lesson["sources"], slug
        assert set(lesson["sources"]) <= set(content.sources), slug
        assert [block["type"] for block in lesson["blocks"]].count("self_check") == 1, slug
        headings = re.findall(r"<h([2-6])>", str(lesson["blocks"]))
        # The title is the heading above: none may skip a level.
        assert not headings or headings[0] == "2", slug


def test_module_ends_with_a_job_aid_of_one_page():
    for module in CONTENT.modules:
        aid = module["lessons"][-1]
        assert aid in JOB_AIDS, module["code"]
        assert words_of(aid) <= 230, module["code"]
        assert [block["type"] for block in aid["blocks"]] == ["figure", "text", "text"]
        assert set(aid["sources"]) <= set(CONTENT.sources), module["code"]


def test_question_has_a_right_answer_an_explanation_and_a_source():
    for question in QUESTIONS:
        check_options(kind=question["kind"], options=read_options(question))
        assert question["explanation"], question["key"]
        texts = [option["text"] for option in question["options"]]
        assert len(set(texts)) == len(texts), question["key"]


def test_cases_say_that_they_are_made_up_and_have_steps():
    cases = [(module, case) for _content, module in MODULES for case in module.get("cases", [])]
    assert len(cases) >= 2
    for module, case in cases:
        assert case["text"].startswith("Tình huống giả định. ")
        steps = [
            question for question in module["questions"] if question.get("case") == case["key"]
        ]
        assert len(steps) >= 2


def test_each_kind_is_asked_at_least_twice():
    asked = Counter(question["kind"] for question in QUESTIONS)
    assert min(asked[kind] for kind in QuestionKind) >= 2


def test_source_is_a_document_with_a_whole_address_or_none():
    for source in {*CONTENT.sources.values(), *SHORT.sources.values()}:
        text, _space, address = source.rpartition(" ")
        if "://" in source:
            assert URLValidator(schemes=["http", "https"])(address) is None
        else:
            text = source
        assert re.search(r"\(rà soát ngày \d\d/\d\d/20\d\d\)$", text), source
        assert not re.search(r"\.\.\.|…|vietjack|tuyển|consultan|[a-z]\.(vn|com|org)\b", text)
        assert not re.search(r"\.\.\.|…|vietjack|consultan|untalent", address), source


@BOTH
def test_sources_are_all_there_and_all_used(content):
    used = {key for found, page in PAGES if found is content for key in page["sources"]}
    used |= {q["source"] for module in content.modules for q in module["questions"]}
    assert used == set(content.sources)


def test_picture_is_a_small_drawing_of_our_own():
    for path in PICTURES:
        text = path.read_text(encoding="utf-8")
        assert path.suffix == ".svg", path
        assert path.stat().st_size <= 15_000, path
        # Nothing that runs, nothing from elsewhere: it is served from our own address.
        foreign = re.search(r"<(script|style|image|foreignObject|use)|href|\bon\w+=|url\(", text)
        assert not foreign, path
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', text)]
        # Drawn 320 wide: on a phone of 360 pixels the words are nearly as large as this.
        assert min(sizes, default=99) >= 12.5, path


def test_module_has_a_cover_and_a_drawing_each_said_in_words():
    for content, module in MODULES:
        blocks = [block for lesson in module["lessons"] for block in lesson["blocks"]]
        drawings = [block for block in blocks if block["type"] == "figure"]
        assert drawings, module["code"]
        for picture in [module["cover"], *drawings]:
            assert len(picture["alt"]) > 20, picture
            assert (content.folder / "pictures" / f"{picture['picture']}.svg").exists()


@BOTH
def test_content_is_composed_text(content):
    for path in content.folder.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name


# Wagtail leaves the temporary files of the renditions to the collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_load_course_publishes_the_tree_once(site):
    course = load_course(folder=FOLDER, code="du-an-2")
    again = load_course(folder=FOLDER, code="du-an-2")
    assert again == course
    assert course.live
    taught = LessonPage.objects.descendant_of(course).live()
    assert taught.filter(is_required=True).count() == 30
    assert taught.filter(is_required=False).count() == 10
    assert ModulePage.objects.child_of(course).count() == Quiz.objects.count() == 10
    asked = [q for module in CONTENT.modules for q in module["questions"]]
    assert Question.objects.filter(lesson__isnull=False).count() == len(asked)
    assert LessonPage.objects.descendant_of(course).first().latest_revision is not None
    assert {module.cover[0].value.width for module in ModulePage.objects.all()} == {320}
    drawn = LessonPage.objects.get(slug="danh-gia-nguy-co-ban-dau-va-moc-12-gio")
    figure = next(block.render() for block in drawn.body if block.block_type == "figure")
    assert "<img" in figure
    assert ".svg" in figure
    assert "trong vòng 12 giờ từ khi nhận tin" in figure
    assert ReferenceIndex.get_references_for_object(drawn).exists()
    assert drawn in LessonPage.objects.search(drawn.title)


def test_load_course_beside_another_one_leaves_what_trainers_wrote(short, capsys):
    first = make_course("p1", modules=0)
    call_command("load_course", short, "du-an-2")
    assert "Dự án 2" in capsys.readouterr().out

    lesson = LessonPage.objects.first()
    set_fields(lesson, title="Tên mới của giảng viên")
    course = load_course(folder=short, code="du-an-2")
    lesson.refresh_from_db()
    assert course.get_parent().pk == first.get_parent().pk
    assert lesson.title == "Tên mới của giảng viên"


@pytest.mark.parametrize(
    ("name", "text"),
    [("m01.toml", "code = "), ("m01.toml", 'code = "M01"'), ("sources.toml", ""), ("pictures", "")],
    ids=["not-toml", "no-title", "no-course", "no-picture"],
)
def test_load_course_from_a_broken_folder_writes_nothing(short, name, text):
    (short / name).unlink()
    (short / name).write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_course", short, "du-an-2")
    assert not CoursePage.objects.exists()


def test_load_course_without_a_folder_says_so(db, tmp_path: Path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_course", tmp_path / "nowhere", "du-an-2")


def test_short_course_asks_the_same_before_and_after(site):
    folder = settings.FIXTURES_DIR / "short_course"
    course = load_course(folder=folder, code="bao-tin-111")

    before, after = Quiz.objects.order_by("module__path")
    assert before.module.pk == ModulePage.objects.child_of(course).order_by("path").first().pk
    assert (before.purpose, after.purpose) == (QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST)
    assert before.title_en == "Test before the training"
    assert after.title_en == f"Test: {after.module.title_en}"
    asked = [[one.question_id for one in quiz.quiz_questions.all()] for quiz in (before, after)]
    assert asked[0] == asked[1] != []
