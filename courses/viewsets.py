"""Classes, questions, quizzes and programmes in the Wagtail admin."""

from typing import Any, ClassVar

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.pages import PageViewSet

from courses.enums import QuestionKind
from courses.forms import CourseRunForm, ProgrammeForm, QuestionForm, QuizForm
from courses.models import CourseRun, Programme, Question, QuestionCase, Quiz
from courses.permissions import AUTHORS, PLANNERS, RUN_MANAGERS, RUN_WATCHERS
from courses.resources.programmes import ProgrammeResource
from courses.resources.question_columns import QuestionColumns
from courses.views import run_actions, run_changes, run_copying, run_enrolling
from courses.views.page_admin import INDEX_VIEWS
from courses.views.programmes import ProgrammeEditView
from courses.views.question_admin import (
    QuestionCaseIndexView,
    QuestionChooseResultsView,
    QuestionChooseView,
    QuestionCopyView,
    QuestionCreateView,
    QuestionFilterSet,
    QuestionIndexView,
    QuizCreateView,
    QuizIndexView,
)
from courses.views.question_edit import QuestionEditView
from courses.views.question_panels import question_panels
from courses.views.question_preview import (
    QuestionCompareView,
    QuestionPreviewOnCreate,
    QuestionPreviewOnEdit,
)
from courses.views.quiz_statistics import QuizStatisticsView
from courses.views.run_admin import (
    RunCreateView,
    RunEditView,
    RunFilterSet,
    RunIndexView,
    RunInspectView,
)
from lms.accounts.enums import Role
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.draft_viewsets import ScopedDraftViewSet
from lms.scoped_admin.viewsets import ScopedModelViewSet


class CourseRunViewSet(ScopedModelViewSet):
    """Each class has its own page (inspect) from which everything is done."""

    model = CourseRun
    name = "runs"
    icon = "group"
    menu_name = "runs"
    menu_label = _("Classes")
    menu_order = 100
    add_to_admin_menu = True
    scope_method = "watched_by"
    change_scope_method = "manageable_by"
    view_roles = RUN_WATCHERS
    add_roles = change_roles = RUN_MANAGERS
    pages: ClassVar = {
        "open": ("<int:pk>/open/", run_actions.OpenRunView),
        "close": ("<int:pk>/close/", run_actions.CloseRunView),
        "cancel": ("<int:pk>/cancel/", run_actions.CancelRunView),
        "copy": ("<int:pk>/copy/", run_copying.CopyRunView),
        "enrol": ("<int:pk>/enrol/", run_enrolling.EnrolByAreaView),
        "enrol_by_name": ("<int:pk>/enrol/by-name/", run_enrolling.EnrolByNameView),
        "requirements": ("<int:pk>/requirements/", run_changes.RequirementsView),
        "move": ("<int:pk>/move/", run_changes.MoveRunView),
        "withdraw": (
            "<int:pk>/trainees/<int:enrolment_pk>/withdraw/",
            run_actions.WithdrawView,
        ),
    }
    index_view_class = RunIndexView
    add_view_class = RunCreateView
    edit_view_class = RunEditView
    inspect_view_class = RunInspectView
    filterset_class = RunFilterSet
    folded_search_fields = ("search_text", "unit__search_text")
    further_columns = (
        Column("unit", label=_("Held by")),
        Column("starts_on", label=_("First day")),
        Column("ends_on", label=_("Last day")),
        Column("programme", label=_("Programme")),
    )
    base_form_class = CourseRunForm
    panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("programme", help_text=_("The programme this class belongs to.")),
                FieldPanel("course", help_text=_("What is taught, and what the document is for.")),
            ],
            heading=_("What"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("title", help_text=_("As written on the invitation.")),
                FieldPanel("code", help_text=_("Short and unique, for example KB-2014-01.")),
            ],
            heading=_("Title and code"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("unit", help_text=_("The district or commune that holds the class.")),
                FieldPanel("place", help_text=_("Hall and address, so that people can find it.")),
                FieldRowPanel(
                    [FieldPanel("starts_on"), FieldPanel("ends_on")],
                    help_text=_(
                        "Such as 06/05/2014. All sessions take place between these two dates."
                    ),
                ),
            ],
            heading=_("Where and when"),
        ),
        FieldPanel("trainers", help_text=_("They can see the class and take its roll.")),
    ]


class QuestionViewSet(ScopedDraftViewSet):
    model = Question
    name = "questions"
    icon = "help"
    menu_name = "questions"
    menu_label = _("Question bank")
    menu_order = 160
    add_to_admin_menu = True
    change_scope_method = "manageable_by"
    publish_scope_method = "publishable_by"
    delete_scope_method = "removable_by"
    view_roles = add_roles = change_roles = delete_roles = AUTHORS
    unlock_roles = (Role.ADMINISTRATOR,)
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    copy_view_class = QuestionCopyView
    preview_on_add_class = QuestionPreviewOnCreate
    preview_on_edit_class = QuestionPreviewOnEdit
    compare_view_class = QuestionCompareView
    copy_view_enabled = True
    usage_view_enabled = True
    filterset_class = QuestionFilterSet
    folded_search_fields = ("search_text",)
    resource_class = QuestionColumns
    inspect_view_enabled = False
    base_form_class = QuestionForm
    panels: ClassVar = question_panels(QuestionKind.SINGLE)

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # Wagtail's index knows no quiz, so it would say "used 0 times" before it deletes.
        return super().get_delete_view_kwargs(**{"usage_url_name": None, **kwargs})


class QuestionCaseViewSet(ScopedModelViewSet):
    """Made-up cases; their steps are questions of the bank."""

    model = QuestionCase
    name = "question_cases"
    icon = "list-ol"
    menu_name = "question_cases"
    menu_label = _("Cases")
    menu_order = 165
    add_to_admin_menu = True
    view_roles = add_roles = change_roles = delete_roles = AUTHORS
    index_view_class = QuestionCaseIndexView
    folded_search_fields = ("search_text",)
    inspect_view_enabled = False
    panels: ClassVar = [
        FieldPanel("title", help_text=_("A few words, such as “The house by the river”.")),
        FieldPanel(
            "text",
            help_text=_(
                "What happens, made up, with names of nobody. Trainees see “A made-up case” above it. "
                "Its steps are written in the question bank."
            ),
        ),
    ]


class QuizViewSet(ScopedModelViewSet):
    model = Quiz
    name = "quizzes"
    icon = "lms-quiz"
    menu_name = "quizzes"
    menu_label = _("Quizzes")
    menu_order = 170
    add_to_admin_menu = True
    change_scope_method = "manageable_by"
    delete_scope_method = "removable_by"
    view_roles = add_roles = change_roles = delete_roles = AUTHORS
    base_form_class = QuizForm
    index_view_class = QuizIndexView
    add_view_class = QuizCreateView
    inspect_view_enabled = False
    pages: ClassVar = {"statistics": ("<int:pk>/statistics/", QuizStatisticsView)}
    panels: ClassVar = [
        FieldPanel("title", help_text=_("As trainees will see it.")),
        FieldPanel("title_en"),
        FieldPanel("module", help_text=_("The quiz is at the end of this module.")),
        FieldPanel("purpose"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("max_attempts"), FieldPanel("time_limit_minutes")]),
                FieldPanel("wait_minutes"),
                FieldPanel("must_reread"),
                FieldPanel("shuffle_questions"),
                FieldPanel("shuffle_options"),
            ],
            heading=_("How it is taken"),
            help_text=_("Classes that are open keep the rules with which they opened."),
        ),
        MultipleChooserPanel(
            "quiz_questions",
            heading=_("The questions"),
            label=_("Question"),
            chooser_field_name="question",
            help_text=_("Everybody gets these, in this order."),
        ),
        InlinePanel(
            "draws",
            heading=_("Drawn from the question bank"),
            label=_("Draw"),
            help_text=_(
                "Each try gets other questions, none of them twice. A question can be drawn when "
                "it names the lesson that teaches it; steps of a case are chosen above."
            ),
            panels=[
                FieldRowPanel([FieldPanel("count"), FieldPanel("difficulty")]),
                FieldPanel(
                    "module", help_text=_("What its lessons teach; if empty, the whole course.")
                ),
                FieldPanel("tag", help_text=_("One of the tags of the questions; may be empty.")),
            ],
        ),
    ]


class ProgrammeViewSet(ScopedModelViewSet):
    """What a programme asks decides every figure: administrators of the province alone change it."""

    model = Programme
    name = "programmes"
    icon = "calendar"
    menu_name = "programmes"
    menu_label = _("Programmes")
    menu_order = 50
    add_to_settings_menu = True
    view_roles = PLANNERS
    add_roles = change_roles = (Role.ADMINISTRATOR,)
    for_province = True
    list_display = (
        Column("name", label=_("Programme"), sort_key="name"),
        Column("code", label=_("Programme code"), sort_key="code"),
        DayColumn("starts_on", label=_("First day"), sort_key="starts_on"),
        DayColumn("ends_on", label=_("Last day"), sort_key="ends_on"),
    )
    resource_class = ProgrammeResource
    edit_view_class = ProgrammeEditView
    inspect_view_enabled = False
    base_form_class = ProgrammeForm
    panels: ClassVar = [
        FieldPanel("name", help_text=_("As written in the decision.")),
        FieldPanel(
            "code", help_text=_("Letters without marks, digits and hyphens, such as du-an-2.")
        ),
        FieldPanel("edition", help_text=_("The list of units on which the programme reports.")),
        FieldRowPanel(
            [FieldPanel("starts_on"), FieldPanel("ends_on")],
            help_text=_("The period of the programme, such as 01/01/2014."),
        ),
        InlinePanel(
            "requirements",
            heading=_("Required courses"),
            label=_("Required course"),
            panels=[FieldPanel("course"), FieldPanel("cadre")],
            help_text=_("Which cadre must complete which course."),
        ),
    ]


class QuestionChooserViewSet(ChooserViewSet):
    """The window in which the questions of a quiz are chosen."""

    model = Question
    name = "question_chooser"
    icon = "help"
    choose_one_text = _("Choose a question")
    choose_another_text = _("Choose another question")
    edit_item_text = _("Edit this question")
    per_page = 20

    choose_view_class = QuestionChooseView
    choose_results_view_class = QuestionChooseResultsView

    def get_urlpatterns(self) -> list[URLPattern]:
        # There is no form for a new question in the window, and Wagtail's view fails without one.
        return [one for one in super().get_urlpatterns() if one.name != "create"]


def page_viewsets() -> list[PageViewSet]:
    """Return what makes Wagtail's explorer say "add a module" below a course, and so on."""
    return [
        PageViewSet(f"explore_{model._meta.model_name}", model=model, index_view_class=view)
        for model, view in INDEX_VIEWS.items()
    ]
