"""Questions and quizzes in the Wagtail admin."""

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.functional import cached_property
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, TitleColumn, UpdatedAtColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.widgets.button import Button

from courses.domain.question_publishing import publish_draft
from courses.domain.questions import (
    TO_COMPLETE,
    copy_of,
    defaults_of_lesson,
    missing_parts,
    question_after,
)
from courses.domain.quiz_draws import asked_count, asked_somewhere
from courses.enums import CHOICE_KINDS, Difficulty, PageState, QuestionKind
from courses.forms import QuestionSearchForm
from courses.models import (
    LessonPage,
    ModulePage,
    Question,
    QuestionCase,
    Quiz,
)
from courses.models.titles import shown_title, title_column
from courses.resources.gift_reading import GIFT
from courses.resources.gift_writing import write_gift
from courses.resources.question_records import FETCHED, record_of
from courses.views.question_panels import KindPanelMixin, known_kind
from lms.core.display import NOTHING
from lms.core.readers import SignedInRequest
from lms.core.requests import read_number
from lms.scoped_admin.draft_views import ScopedDraftCreateView
from lms.scoped_admin.views import ScopedCreateView, ScopedFilterSet, ScopedIndexView
from lms.spreadsheets.handout import log_export
from lms.spreadsheets.tables import FileFormat

WORDS_IN_LIST = 18
# Questions in memory at a time, with their answers.
_AT_ONCE = 500


class QuestionFilterSet(ScopedFilterSet):
    in_use = django_filters.ChoiceFilter(
        label=gettext_lazy("Used in a quiz"),
        choices=(("yes", gettext_lazy("In a quiz")), ("no", gettext_lazy("Not in any quiz"))),
        method="used",
    )
    to_complete = django_filters.ChoiceFilter(
        label=gettext_lazy("Explanation and source"),
        choices=(("yes", gettext_lazy("To complete")), ("no", gettext_lazy("Complete"))),
        method="lacking",
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=QuestionKind.choices)
    difficulty = django_filters.ChoiceFilter(
        label=gettext_lazy("Difficulty"), choices=Difficulty.choices
    )
    module = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Module"),
        field_name="in_quizzes__quiz__module",
        queryset=ModulePage.objects.order_by("path"),
        # A number beyond all others is compared as `pk` of a page, and fails.
        to_field_name="id",
    )

    case = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Case in steps"), queryset=QuestionCase.objects.order_by("title")
    )

    class Meta:
        model = Question
        fields = ("in_use", "to_complete", "module", "kind", "difficulty", "case")

    def used(self, queryset: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        in_use = asked_somewhere()
        return queryset.filter(in_use if value == "yes" else ~in_use)

    def lacking(self, queryset: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return queryset.filter(TO_COMPLETE if value == "yes" else ~TO_COMPLETE)


class QuestionIndexView(ScopedIndexView):
    """Drafts that wait do not leave: a question is given out as it is asked."""

    FORMATS = (*FileFormat.values, GIFT.key)

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        questions = queryset.published().prefetch_related(*FETCHED)
        if spreadsheet_format == GIFT.key:
            return self._as_gift(questions)
        return super().as_spreadsheet(questions, spreadsheet_format)

    def _as_gift(self, questions: QuerySet[Question]) -> HttpResponseBase:
        name = force_str(self.get_filename())
        log_export(
            by=self.request.user,
            list_name=name,
            file_format=GIFT.key,
            about=self._about(),
            title=str(capfirst(self.model._meta.verbose_name_plural)),
            rows=questions.count(),
        )
        lines = write_gift(map(record_of, questions.iterator(_AT_ONCE)))
        headers = {"Content-Disposition": f'attachment; filename="{name}{GIFT.endings[0]}"'}
        return StreamingHttpResponse(lines, "text/plain; charset=utf-8", headers=headers)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        url = self.get_export_url(GIFT.key)
        label = _("Download %(format)s") % {"format": GIFT.label}
        return [
            *super().header_more_buttons,
            Button(label, url=url, icon_name="download", priority=95),
        ]

    def get_base_queryset(self) -> QuerySet[Question]:
        modules = ModulePage.objects.filter(quiz__quiz_questions__question=OuterRef("pk"))
        title = modules.order_by("path").values(shown=title_column())[:1]
        return super().get_base_queryset().annotate(module_title=Subquery(title))

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "text", label=_("Question"), accessor=_shortened, get_url=self.get_edit_url
            ),
            Column("key", label=_("Key"), sort_key="key"),
            Column("used_in", label=_("Used in the quiz of"), accessor=_used_in),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("missing", label=_("To complete"), accessor=_missing),
            # Wagtail's own column asks for each row whether it is to be published at a set time.
            Column("state", label=_("State"), accessor=_state),
            UpdatedAtColumn(label=_("Last changed")),
        ]


class _NewQuestionView(KindPanelMixin, ScopedDraftCreateView):
    template_name = "courses/admin/question_create.html"

    def publish_action(self) -> None:
        self.object = publish_draft(
            revision=self.new_revision, by=self.request.user, at=timezone.now()
        )


class QuestionCreateView(_NewQuestionView):
    """Begins with the kind of `?kind=`, empty or with the subject of `?after=` a question or of
    `?lesson=` one.
    """

    def asked_kind(self) -> QuestionKind:
        # The form has written into the question what was sent, whatever it was.
        return known_kind(self._begun.kind)

    def get_initial_form_instance(self) -> Question:
        return self._begun

    @cached_property
    def _begun(self) -> Question:
        """The question as the form begins; what is sent says its kind as well."""
        before = self._asked("after", Question.objects.visible_to(self.request.user))
        lesson = self._asked("lesson", LessonPage.objects.all())
        question = question_after(before) if before else Question(lesson=lesson)
        if lesson and not before:
            for name, text in defaults_of_lesson(lesson=lesson).items():
                setattr(question, name, text)
        asked = self.request.POST.get("kind") or self.request.GET.get("kind") or question.kind
        question.kind = known_kind(asked)
        return question

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = [kind for kind in QuestionKind if kind not in CHOICE_KINDS]
        kind = QuestionKind.SINGLE if self._begun.kind in CHOICE_KINDS else self.asked_kind()
        return context | {
            "kinds": [QuestionKind.SINGLE, *kinds],
            "kind": kind,
            "lesson_id": self._begun.lesson_id,
        }

    def get_success_url(self) -> str:
        if self.request.POST.get("action-publish") == "and_another":
            return f"{self.add_url}?after={self.object.pk}"
        return str(super().get_success_url())

    def _asked(self, name: str, rows: QuerySet[Any]) -> Any:
        number = self.request.GET.get(name, "")
        return rows.filter(pk=read_number(number)).first()


class QuestionCopyView(_NewQuestionView):
    def asked_kind(self) -> QuestionKind:
        question: Any = self.scoped_object()
        return QuestionKind(question.kind)

    def get_initial_form_instance(self) -> Question:
        question: Any = self.scoped_object()
        return copy_of(question)


class QuizCreateView(ScopedCreateView):
    """Starts with the module that the address names."""

    def get_initial(self) -> dict[str, Any]:
        module = self.request.GET.get("module", "")
        return {"module": number} if (number := read_number(module)) else {}


class QuestionCaseIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[QuestionCase]:
        return super().get_base_queryset().annotate(step_count=Count("questions"))

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class("title", label=_("Case"), sort_key="title", get_url=self.get_edit_url),
            TitleColumn("steps", label=_("Steps"), accessor=_steps, get_url=_questions_of),
            UpdatedAtColumn(label=_("Last changed")),
        ]


class QuizIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[Quiz]:
        rows = super().get_base_queryset().select_related("module")
        return rows.annotate(question_count=asked_count())

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "title",
                label=_("Quiz"),
                accessor=shown_title,
                sort_key="title",
                get_url=self.get_edit_url,
            ),
            Column("module", label=_("Module"), accessor=_module_of),
            Column("question_count", label=_("Questions")),
            Column("max_attempts", label=_("Attempts"), accessor=_attempts),
            TitleColumn(
                "statistics",
                label=_("Questions in use"),
                accessor=lambda quiz: _("What the answers tell"),
                url_name="quizzes:statistics",
            ),
        ]


class _ChoosesQuestionsMixin:
    """Only those who may read the questions choose from them, and no draft is chosen."""

    request: SignedInRequest
    filter_form_class = QuestionSearchForm

    def get_object_list(self) -> QuerySet[Question]:
        return Question.objects.visible_to(self.request.user).published()


class QuestionChooseView(_ChoosesQuestionsMixin, ChooseView):
    pass


class QuestionChooseResultsView(_ChoosesQuestionsMixin, ChooseResultsView):
    pass


def _shortened(question: Question) -> str:
    return Truncator(question.text).words(WORDS_IN_LIST)


def _used_in(question: Any) -> str:
    return question.module_title or _("No quiz yet")


def _state(question: Question) -> str:
    if not question.live:
        return str(PageState.DRAFT.label)
    return str((PageState.CHANGED if question.has_unpublished_changes else PageState.LIVE).label)


def _missing(question: Question) -> str:
    return ", ".join(missing_parts(question)) or NOTHING


def _steps(case: Any) -> str:
    return ngettext("%(count)s question", "%(count)s questions", case.step_count) % {
        "count": case.step_count
    }


def _questions_of(case: QuestionCase) -> str:
    return f"{reverse('questions:index')}?case={case.pk}"


def _module_of(quiz: Quiz) -> str:
    return shown_title(quiz.module)


def _attempts(quiz: Quiz) -> Any:
    return quiz.max_attempts or _("no limit")
