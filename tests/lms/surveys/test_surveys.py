"""Opinions on a class: asked at its end, once, and never told together with a name."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.surveys.domain.answering import OPEN_DAYS, answer_survey, is_asked
from lms.surveys.domain.results import ENOUGH, results_of
from lms.surveys.enums import Statement
from lms.surveys.models import SurveyAnswer, SurveyReceipt
from lms.surveys.panels import AskMyOpinion
from tests.factories.accounts import browse, log_in, make_official
from tests.factories.attendance import enrol_many, make_class
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.refusing import raises_refusal
from tests.shared import shared

TODAY = date(2014, 5, 7)


@shared
def run(edition):
    today = timezone.localdate()
    return make_class(starts_on=today - timedelta(days=1), ends_on=today)


@shared
def enrolment(run):
    (enrolment,) = enrol_many(run, 1)
    return enrolment


def answer(enrolment, comment="", **ratings):
    answer_survey(
        enrolment=enrolment, ratings=ratings, comment=comment, today=enrolment.run.ends_on
    )


@pytest.mark.parametrize(
    ("fields", "status", "day", "asked"),
    [
        ({}, "active", TODAY, True),
        ({}, "active", TODAY - timedelta(days=1), False),
        ({}, "completed", TODAY - timedelta(days=1), True),
        ({}, "withdrawn", TODAY, False),
        ({"status": RunStatus.CLOSED}, "active", TODAY + timedelta(days=OPEN_DAYS), True),
        ({"status": RunStatus.CLOSED}, "active", TODAY + timedelta(days=OPEN_DAYS + 1), False),
        ({"status": RunStatus.CANCELLED}, "active", TODAY, False),
        ({"status": RunStatus.PLANNED}, "active", TODAY, False),
    ],
)
def test_who_is_asked_and_when(fields, status, day, asked):
    run = apps.get_model("courses.CourseRun")(
        **{"ends_on": TODAY, "status": RunStatus.OPEN} | fields
    )

    assert is_asked(enrolment=Enrolment(run=run, status=status), today=day) is asked


@pytest.mark.django_db
class TestAnswer:
    def test_opinion_is_kept_once_and_apart_from_who_gave_it(self, enrolment):
        answer(enrolment, content=5, comment="  Tốt ")

        (kept,) = SurveyAnswer.objects.all()
        assert (kept.run, kept.ratings, kept.comment) == (enrolment.run, {"content": 5}, "Tốt")
        assert SurveyReceipt.objects.get().enrolment == enrolment
        names = {field.name for field in SurveyAnswer._meta.get_fields()}
        assert names == {"id", "run", "ratings", "comment"}

        # A second opinion changes nothing.
        with raises_refusal("survey_answered"):
            answer(enrolment, content=1)

        assert SurveyAnswer.objects.get().ratings == {"content": 5}

    def test_empty_sheet_is_refused_and_may_be_sent_again(self, enrolment):
        with raises_refusal("survey_empty"):
            answer(enrolment, comment="  ")

        answer(enrolment, content=3)

    def test_class_that_is_not_over_is_not_rated(self, enrolment):
        set_fields(enrolment.run, ends_on=timezone.localdate() + timedelta(days=3))

        with raises_refusal("survey_not_open"):
            answer_survey(
                enrolment=enrolment, ratings={"content": 5}, comment="", today=timezone.localdate()
            )


@pytest.mark.django_db
class TestResults:
    def test_nothing_is_told_before_five_have_answered_nor_to_whoever_does_not_watch(self, run):
        trainer = make_official(Role.COORDINATOR, "350")
        *first, fifth = enrol_many(run, ENOUGH)
        for one in first:
            answer(one, content=1, comment="Riêng")

        before = results_of(run=run, reader=trainer)
        answer(fifth, content=5)
        after = results_of(run=run, reader=trainer)

        assert (before.answers, before.statements, before.comments) == (4, [], [])
        assert after.is_told
        content = after.statements[Statement.values.index("content")]
        assert content.average == pytest.approx(9 / 5)
        assert [count for _label, count in content.counts] == [1, 0, 0, 0, 4]
        assert after.comments == ["Riêng"] * 4
        stranger = make_official(Role.COORDINATOR, "353")
        assert results_of(run=run, reader=stranger).answers == 0

    def test_statement_that_few_rated_stays_hidden(self, run):
        for number, one in enumerate(enrol_many(run, ENOUGH)):
            answer(one, content=4, **({"use": 1} if number == 0 else {}))

        results = results_of(run=run, reader=make_official(Role.COORDINATOR, "350"))

        use = results.statements[Statement.values.index("use")]
        assert (use.counts, use.average) == ([], None)


@pytest.mark.django_db
class TestPages:
    def test_trainee_finds_the_sheet_sends_it_and_is_not_asked_again(self, enrolment):
        client = browse(enrolment.user)
        address = reverse("surveys:survey", args=[enrolment.pk])
        places = [reverse("courses:my_work"), reverse("courses:my_class", args=[enrolment.pk])]

        offered = [address in html_of(client.get(place)) for place in places]
        sent = client.post(address, {"content": "4", "comment": "Nên có thêm ví dụ"})
        again = [address in html_of(client.get(place)) for place in places]

        assert sent.status_code == 302
        assert (offered, again) == ([True, True], [False, False])
        assert SurveyAnswer.objects.get().comment == "Nên có thêm ví dụ"

    def test_wrong_rating_is_pointed_out_and_nothing_typed_is_lost(self, enrolment):
        response = browse(enrolment.user).post(
            reverse("surveys:survey", args=[enrolment.pk]), {"content": "9", "comment": "Giữ lại"}
        )

        assert response.context["form"].has_error("content", "invalid_choice")
        assert "Giữ lại" in html_of(response)
        assert not SurveyAnswer.objects.exists()

    def test_sheet_of_somebody_else_is_not_found(self, enrolment):
        response = log_in(Role.ADMINISTRATOR, "35").get(
            reverse("surveys:survey", args=[enrolment.pk])
        )

        assert response.status_code == 404

    def test_page_of_the_class_shows_what_was_thought_from_five_answers_on(self, run):
        page = reverse("courses:run_detail", args=[run.pk])
        client = log_in(Role.COORDINATOR, "350")
        for one in enrol_many(run, ENOUGH):
            answer(one, content=4, comment="Hội trường nóng")

        assert "Hội trường nóng" in html_of(client.get(page))

    def test_my_work_spends_no_query_while_no_class_is_over(
        self, enrolment, django_assert_num_queries
    ):

        enrolment.run.ends_on = timezone.localdate() + timedelta(days=5)
        enrolment.status = EnrolmentStatus.ACTIVE

        with django_assert_num_queries(0):
            assert AskMyOpinion().context(None, [enrolment]) is None
