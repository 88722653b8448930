"""A picture in a question, and a case of several steps: written, frozen, shown, kept."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from django.urls import reverse
from PIL import Image

from courses.domain.quizzes import answers_of, start_attempt, submit_attempt
from courses.domain.rejudging import preview_rejudging
from courses.enums import QuestionKind
from courses.models import CourseImage, Question, QuestionCase, QuestionVersion
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.courses.test_admin_question_kinds import ADD, typed
from tests.factories.accounts import browse, log_in
from tests.factories.courses import ANSWERS, EVENING, add_question
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of, levels_of

# Wagtail leaves the temporary files of the renditions to the collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")

NUMBER = QuestionKind.NUMBER


def picture(description="Một em nhỏ ngồi bên cửa"):
    file = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(file, "PNG")
    content = ContentFile(file.getvalue(), name="anh.png")
    return CourseImage.objects.create(title="anh", description=description, file=content)


@pytest.mark.parametrize(
    ("description", "alt", "kept"),
    [("Một em nhỏ", "", "Một em nhỏ"), ("Một em nhỏ", "Hai em", "Hai em"), ("", "", None)],
)
def test_picture_is_described_or_refused(as_trainer, description, alt, kept):
    image = picture(description)
    values = typed(NUMBER, ANSWERS[NUMBER], picture=image.pk, picture_alt=alt)

    response = as_trainer.post(reverse(ADD), values)

    if kept:
        assert Question.objects.get().picture_alt == kept
    else:
        assert error_codes(response.context["form"]) == {"picture_alt": ["alt_missing"]}


def test_attempt_keeps_picture_and_case_as_they_were_put(enrolment, quiz):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    image = picture()
    question = add_question(quiz, NUMBER, picture=image, picture_alt="Cửa", case=case, case_step=1)
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    set_fields(question, picture=None, picture_alt="", case=None, case_step=None)
    set_fields(case, text="Khác")

    version = answers_of(attempt=attempt)[-1].version
    assert (version.picture, version.picture_alt) == (image, "Cửa")
    assert (version.case, version.case_title, version.case_text) == (case, case.title, "Một em …")
    for kept in (image, case):
        with pytest.raises(ProtectedError):
            kept.delete()


def test_question_without_the_new_columns_keeps_its_version(enrolment, quiz):
    start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    [old, _other] = QuestionVersion.objects.all()

    # As it was written before there were pictures and cases.
    assert set(old.options[0]) == {"id", "text", "is_correct"}


@pytest.mark.parametrize("count", [1, 3])
def test_pictures_cost_the_same_queries_however_many(
    enrolment, quiz, django_assert_num_queries, count
):
    quiz.quiz_questions.all().delete()
    kinds = [NUMBER, QuestionKind.SHORT_TEXT, QuestionKind.MATCHING][:count]
    for kind in kinds:
        add_question(quiz, kind, picture=picture(), picture_alt="Cửa")
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    client = browse(enrolment.user)
    screens = [reverse("courses:quiz_question", args=[attempt.pk, n + 1]) for n in range(count)]
    bodies = [html_of(client.get(screen)) for screen in screens]
    with django_assert_num_queries(4):
        client.get(screens[0])
    submit_attempt(attempt=attempt, at=EVENING)
    result = reverse("courses:quiz_result", args=[attempt.pk])
    # What only the first look asks.
    client.get(result)

    with django_assert_num_queries(8):
        body = html_of(client.get(result))

    assert body.count('alt="Cửa"') == count
    for shown in (*bodies, body):
        assert 'height="320" loading="lazy"' in shown
        assert 'width="480"' in shown


@pytest.mark.parametrize("many", [False, True])
def test_picture_that_people_were_shown_is_not_deleted(edition, enrolment, quiz, many):
    image = picture()
    question = add_question(quiz, NUMBER, picture=image, picture_alt="Cửa")
    start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    set_fields(question, picture=None, picture_alt="")
    ensure_role_groups()
    admin = log_in(Role.ADMINISTRATOR, "35")
    set_fields(image, uploaded_by_user_id=int(admin.session["_auth_user_id"]))
    one = reverse("wagtailimages:delete", args=[image.pk])
    bulk = reverse("wagtail_bulk_action", args=["courses", "courseimage", "delete"])

    response = admin.post(
        f"{bulk}?id={image.pk}&next={reverse('wagtailimages:index')}" if many else one, follow=True
    )

    assert response.status_code == 200
    assert levels_of(response) == ["error"]
    assert CourseImage.objects.filter(pk=image.pk).exists()


def test_steps_of_a_case_are_numbered_as_they_are_written(as_trainer):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    for key, step in (("A", ""), ("B", ""), ("C", "1")):
        rows = ANSWERS[NUMBER]
        as_trainer.post(reverse(ADD), typed(NUMBER, rows, key=key, case=case.pk, case_step=step))
    as_trainer.post(reverse(ADD), typed(NUMBER, ANSWERS[NUMBER], key="D", case="", case_step="4"))

    steps = dict(Question.objects.values_list("key", "case_step"))
    assert steps == {"A": 1, "B": 2, "C": 1, "D": None}
    listed = as_trainer.get(reverse("questions:index"), {"case": case.pk})
    assert listed.context["paginator"].count == 3
    after = as_trainer.get(reverse(ADD), {"after": Question.objects.get(key="B").pk})
    assert after.context["form"].instance.case == case


def test_case_with_steps_is_not_deleted(as_trainer, quiz):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    add_question(quiz, NUMBER, case=case, case_step=1)

    as_trainer.post(reverse("question_cases:delete", args=[case.pk]))

    assert QuestionCase.objects.exists()


def test_words_of_a_case_that_change_are_no_new_key(enrolment, quiz):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    question = add_question(quiz, NUMBER, case=case, case_step=1)
    submit_attempt(attempt=start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING), at=EVENING)
    set_fields(case, text="Khác")

    preview = preview_rejudging(question=question, at=EVENING)

    assert (preview.now_right, preview.now_wrong) == (0, 0)
