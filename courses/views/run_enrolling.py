"""Trainees are put on the list of a class in the Wagtail admin: a whole area, or one by one."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from courses.domain.enrolling import (
    Joining,
    busy_elsewhere,
    candidates,
    enrol_many,
    free_for,
    joining,
    posted_in,
    preview_intake,
    require_enrolling,
)
from courses.forms import EnrolByAreaForm, EnrolByNameForm
from courses.permissions import host_units
from courses.views.run_actions import RunPage
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.login_lookup import search_people
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.requests import read_number
from lms.scoped_admin.pages import FormPage

NAMES_A_PAGE = 50
MOST_LISTED = 500
# Sent along where people stood on the page to be unticked.
LISTED = "listed"


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
    """First a look at who it would be, by name, then the enrolment of those who stay ticked.

    More than MOST_LISTED are enrolled as one: a form holds no more, and nobody reads them.
    """

    template_name = "courses/admin/run_enrol.html"
    way = "enrol"

    def build_form(self, data: Any) -> EnrolByAreaForm:
        user = self.request.user
        return EnrolByAreaForm(data or self.request.GET or None, run=self.row, user=user)

    def perform(self) -> str:
        chosen = joining(run=self.row, people=self._people())
        if LISTED in self.request.POST:
            ticked = [pk for pk in self.request.POST.getlist("people") if read_number(pk)]
            if not ticked:
                raise Refusal("nobody_ticked", _("Tick at least one person."))
            chosen = chosen.filter(pk__in=ticked)
        people = list(chosen)
        enrol_many(run=self.row, users=people, at=timezone.now())
        return _enrolled(len(people))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A refusal of the whole leaves the area chosen, and the ticks.
        if self.form.is_bound and self.form.errors.keys() <= {NON_FIELD_ERRORS}:
            kwargs |= self._look_at(self._people())
        return super().get_context_data(**kwargs)

    def _look_at(self, people: Any) -> dict[str, Any]:
        """Return who would join, by name where they are few enough, and who sits elsewhere."""
        intake = preview_intake(run=self.row, people=people)
        those = joining(run=self.row, people=people)
        is_listed = 0 < intake.joining <= MOST_LISTED
        asked = self.request.POST.getlist("people") if LISTED in self.request.POST else None
        return {
            "intake": intake,
            "joining": Joining(run=self.row, people=those),
            "listed": list(those.prefetch_related(posts_here(self.request.user)))
            if is_listed
            else [],
            "elsewhere": list(busy_elsewhere(run=self.row, people=people)[:MOST_LISTED]),
            "listed_name": LISTED,
            "ticked": asked,
        }

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
        posts = posts_here(self.request.user)
        shown = found.in_name_order().prefetch_related(posts)[:NAMES_A_PAGE]
        return super().get_context_data(
            query=query,
            total=found.count(),
            shown=list(shown),
            ticked=self.form.ticked,
            # What is to be told of those who are in it already.
            joining=Joining(run=self.row, people=User.objects.none()),
            **kwargs,
        )


def posts_here(user: User) -> Prefetch:
    """Return the posts that the reader may know of:
    what a person does elsewhere tells nobody apart.
    """
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
