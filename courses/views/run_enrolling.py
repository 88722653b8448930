"""Trainees are put on the list of a class in the Wagtail admin: a whole area, or one by one."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from courses.domain.enrolling import (
    candidates,
    enrol_many,
    free_for,
    posted_in,
    preview_intake,
    require_enrolling,
)
from courses.forms import EnrolByAreaForm, EnrolByNameForm
from courses.permissions import host_units
from courses.views.run_actions import RunPage
from lms.accounts.models import Posting
from lms.accounts.register.domain.login_lookup import search_people
from lms.core.refusal import CatchRefusal
from lms.scoped_admin.pages import FormPage

NAMES_A_PAGE = 50


class EnrolView(RunPage, FormPage):
    """One of the two ways onto the list; a class that is over says so instead of asking."""

    page_title = gettext_lazy("Enrol trainees")
    way = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(refusal=self._refusal(), ways=self._ways(), **kwargs)

    def _refusal(self) -> str:
        with CatchRefusal() as asked:
            require_enrolling(run=self.row)
        return asked.message

    def _ways(self) -> list[dict[str, Any]]:
        ways = (("enrol", _("By area and cadre")), ("enrol_by_name", _("By name, one by one")))
        return [
            {
                "label": label,
                "url": reverse(f"runs:{name}", args=(self.row.pk,)),
                "active": name == self.way,
            }
            for name, label in ways
        ]


class EnrolByAreaView(EnrolView):
    """First a look at how many people it would be, then the enrolment."""

    template_name = "courses/admin/run_enrol.html"
    way = "enrol"

    def build_form(self, data: Any) -> EnrolByAreaForm:
        user = self.request.user
        return EnrolByAreaForm(data or self.request.GET or None, run=self.row, user=user)

    def perform(self) -> str:
        people = self._people()
        joining = preview_intake(run=self.row, people=people).joining
        enrol_many(run=self.row, users=free_for(run=self.row, people=people), at=timezone.now())
        return _enrolled(joining)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intake = None
        if self.form.is_bound and self.form.is_valid():
            intake = preview_intake(run=self.row, people=self._people())
        return super().get_context_data(intake=intake, **kwargs)

    def _people(self) -> Any:
        return posted_in(
            unit=self.form.cleaned_data["unit"],
            cadres=self.form.cleaned_data["cadres"],
            day=timezone.localdate(),
        )


class EnrolByNameView(EnrolView):
    """People are looked up, told apart and ticked; then the next one is looked up."""

    template_name = "courses/admin/run_enrol_by_name.html"
    way = "enrol_by_name"

    @cached_property
    def people(self) -> Any:
        user = self.request.user
        return candidates(run=self.row, reader=user, day=timezone.localdate())

    def build_form(self, data: Any) -> EnrolByNameForm:
        return EnrolByNameForm(data, people=free_for(run=self.row, people=self.people))

    def perform(self) -> str:
        chosen = self.form.cleaned_data["people"]
        joining = list(chosen.filter(is_enrolled=False).in_name_order())
        enrol_many(run=self.row, users=chosen, at=timezone.now())
        return _who_joined(joining)

    def get_success_url(self) -> str:
        return reverse("runs:enrol_by_name", args=(self.row.pk,))

    def get_success_buttons(self) -> list[Any]:
        return [messages.button(self.back_url, _("Back to the class"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = (self.request.POST or self.request.GET).get("q", "").strip()
        found = search_people(people=self.people, text=query) if query else self.people.none()
        shown = found.in_name_order().prefetch_related(self._posts())[:NAMES_A_PAGE]
        return super().get_context_data(
            query=query,
            total=found.count(),
            shown=list(shown),
            ticked=self.form.ticked,
            **kwargs,
        )

    def _posts(self) -> Prefetch:
        """Return the posts that the reader may know of:
        what a person does elsewhere tells nobody apart.
        """
        user = self.request.user
        held = Posting.objects.on(timezone.localdate()).filter(unit__in=host_units(user))
        return Prefetch("postings", held.select_related("unit"), to_attr="posts_here")


def _who_joined(people: list[Any]) -> str:
    if not people:
        return _("The people you ticked are already in the class.")
    if len(people) == 1:
        return _("%(name)s has been enrolled.") % {"name": people[0]}
    return _enrolled(len(people))


def _enrolled(count: int) -> str:
    message = ngettext(
        "%(count)d person has been enrolled.", "%(count)d people have been enrolled.", count
    )
    return message % {"count": count}
