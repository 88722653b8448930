"""Wagtail's page of uses tells how many people stand on content, in how many classes, never who."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.blocks import StreamValue
from wagtail.models import ReferenceIndex

from courses.domain.evidence import Reach, reach_of_file, reach_of_pages, reach_of_questions
from courses.models import CourseDocument, Question
from tests.courses.test_question_pictures import picture as make_image
from tests.courses.views.conftest import take
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import EVENING, EnrolmentFactory, ask, read_lessons
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")


@pytest.fixture
def author(edition):
    return browse(UserFactory(is_superuser=True, is_staff=True))


@shared
def learned(run, lessons, quiz, enrolment):
    """Two people of an open class; one has read a lesson and taken the quiz."""
    ask(run)
    EnrolmentFactory(run=run, unit=unit("13387"))
    read_lessons(enrolment, lessons[0])
    take(enrolment, quiz, EVENING, right=2)
    return lessons[0]


def test_pages_tell_classes_and_people(learned):
    module = learned.get_parent()
    for page in (learned, module, module.get_parent()):
        assert reach_of_pages(pages=[page]) == Reach(runs=1, people=2)


def test_questions_tell_classes_and_people(learned, quiz):
    unused = Question.objects.create(key="X", text="?")

    assert reach_of_questions(questions=Question.objects.exclude(pk=unused.pk)) == Reach(1, 2)
    assert reach_of_questions(questions=Question.objects.filter(pk=unused.pk)) == Reach(0, 0)


def test_picture_tells_of_the_questions_and_pages_that_show_it(learned, quiz):
    picture, other = make_image(), make_image()
    set_fields(quiz.quiz_questions.first().question, picture=picture, picture_alt="Hình")
    module = learned.get_parent().specific
    cover = {
        "type": "picture",
        "value": {"image": other.pk, "alt_text": "Hình", "decorative": False},
    }
    module.cover = StreamValue(module.cover.stream_block, [cover], is_lazy=True)
    module.save()
    ReferenceIndex.create_or_update_for_object(module)

    assert reach_of_file(file=picture) == Reach(runs=1, people=2, questions=1)
    assert reach_of_file(file=other) == Reach(runs=1, people=2)
    assert (picture.get_usage().count(), other.get_usage().count()) == (1, 1)
    unused = CourseDocument.objects.create(title="Mẫu", file=ContentFile(b"x", name="mau.txt"))
    assert reach_of_file(file=unused) == Reach(runs=0, people=0)


@pytest.mark.parametrize("what", ["page", "question", "picture"])
def test_page_of_uses_shows_figures_and_no_names(author, learned, quiz, enrolment, what):
    question = quiz.quiz_questions.first().question
    picture = make_image()
    set_fields(question, picture=picture, picture_alt="Hình")
    address = {
        "page": reverse("wagtailadmin_pages:usage", args=[learned.pk]),
        "question": reverse("questions:usage", args=[question.pk]),
        "picture": reverse("wagtailimages:image_usage", args=[picture.pk]),
    }[what]

    answer = author.get(address)

    assert any("2" in note for note in answer.context["usage_notes"])
    assert enrolment.user.full_name not in html_of(answer)


@pytest.mark.parametrize("view", ["edit", "unpublish"])
def test_nothing_says_used_0_times_of_what_was_learned(author, learned, view):
    page = author.get(reverse(f"wagtailadmin_pages:{view}", args=[learned.pk]))

    body = html_of(page)
    assert reverse("wagtailadmin_pages:usage", args=[learned.pk]) in body
    assert "0 lần" not in body
    assert "0 nơi" not in body


def test_deleting_a_question_counts_no_references(author, quiz):
    question = quiz.quiz_questions.first().question

    assert "usage_count" not in author.get(reverse("questions:delete", args=[question.pk])).context
