"""What changes the lot of people in a class: its requirements, and a newer edition of its course.

Both show first what they would do, and take a completion back only where somebody asks for it.
"""

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.completion import Effect, effect_of
from courses.domain.moving_runs import MovePreview, move_run, preview_move
from courses.domain.opening import preview_opening
from courses.domain.runs import (
    check_requirements,
    next_requirements,
    requirements_in_force,
    set_requirements,
)
from courses.enums import EnrolmentStatus, RunStatus
from courses.forms import RequirementsForm
from courses.models import CompletionRequirement, Enrolment
from courses.views.run_actions import RunPage
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.requests import read_number, sign_of_preview
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.scoped_admin.pages import ActionPage, FormPage

NAMES_SHOWN = 20
# The box that is ticked to take completions back, the field that holds what was looked at, and
# the one that holds the version of the requirements which the page was made of.
TAKE_BACK, SEEN, VERSION = "take_back", "seen", "version"


class RequirementsView(RunPage, FormPage):
    """What the class asks; saving adds a version, after a look at its effect once it is open."""

    template_name = "courses/admin/run_requirements.html"
    page_title = gettext_lazy("Class requirements")

    @cached_property
    def defaults(self) -> dict[str, dict[str, Any]] | None:
        """What applies by itself when the class opens; None where something is in force."""
        if self.in_force or self.row.status != RunStatus.PLANNED:
            return None
        return preview_opening(run=self.row, at=timezone.now()).defaults

    @cached_property
    def in_force(self) -> dict[str, dict[str, Any]]:
        return {row.criterion: row.params for row in self.rows_in_force}

    @cached_property
    def rows_in_force(self) -> list[CompletionRequirement]:
        return requirements_in_force(run=self.row)

    def build_form(self, data: Any) -> RequirementsForm:
        return RequirementsForm(data, asked=self.defaults or self.in_force)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            shows_defaults=self.defaults is not None, version=self.version, **kwargs
        )

    @cached_property
    def version(self) -> int:
        """The version that the page was made of; 0 where there was none."""
        now = max((row.version for row in self.rows_in_force), default=0)
        shown = read_number(self.request.POST.get(VERSION, ""))
        return now if shown is None else shown

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        with RefusalOnForm(self.form) as said:
            if self.row.status == RunStatus.PLANNED or not (effect := self._effect_to_see()):
                return self.finish(self.perform())
            return self.render_to_response(self.get_context_data(**effect))
        if said.refusal and said.refusal.code == "requirements_overtaken":
            messages.warning(request, said.message)
            return redirect(request.path)
        return self.render_to_response(self.get_context_data())

    def _effect_to_see(self) -> dict[str, Any]:
        """Return what the page shows of the effect before it saves; empty once that was seen."""
        requirements = self.form.requirements
        next_requirements(
            in_force=self.rows_in_force, requirements=requirements, seen_version=self.version
        )
        check_requirements(run=self.row, keys=requirements)
        effect = effect_of(run=self.row, requirements=requirements)
        seen = _sign(requirements, effect)
        if self.request.POST.get(SEEN) == seen:
            return {}
        return _effect_context(effect, reader=self.request.user) | {"seen": seen}

    def perform(self) -> str:
        changed = set_requirements(
            run=self.row,
            requirements=self.form.requirements,
            at=timezone.now(),
            seen_version=self.version,
            take_back=TAKE_BACK in self.request.POST,
        )
        return _told(changed)


class MoveRunView(RunPage, ActionPage):
    """Shows what the newest edition of the course would change for the class, then moves it."""

    template_name = "courses/admin/run_move.html"
    page_title = gettext_lazy("Move to the newest edition of the course")
    preview: MovePreview

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with RefusalAsMessage(request):
            self.preview = preview_move(run=self.row, at=timezone.now())
            return super().get(request, *args, **kwargs)
        return redirect(self.back_url)

    def perform(self) -> str:
        now = timezone.now()
        preview = preview_move(run=self.row, at=now)
        if self.request.POST.get(SEEN) != _sign_of_move(preview):
            raise Refusal(
                "effect_changed",
                _(
                    "The course or the class has changed since you looked. Look at the effect again."
                ),
            )
        take_back = TAKE_BACK in self.request.POST
        return _told(move_run(run=self.row, at=now, by=self.request.user, take_back=take_back))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effect = self.preview.effect
        return super().get_context_data(
            preview=self.preview,
            seen=_sign_of_move(self.preview),
            **_effect_context(effect, reader=self.request.user),
            **kwargs,
        )


def _effect_context(effect: Effect, *, reader: User) -> dict[str, Any]:
    visible = Enrolment.objects.visible_to(reader).filter(pk__in=effect.losing)
    named = visible.select_related("user").in_name_order()[:NAMES_SHOWN]
    return {
        "effect": effect,
        "losing_names": [enrolment.user.full_name for enrolment in named],
        "losing_more": max(0, len(effect.losing) - NAMES_SHOWN),
    }


def _sign(asked: Any, effect: Effect) -> str:
    """Return a mark of what was looked at: another effect, or other requirements, is another."""
    written = json.dumps([asked, effect.completing, effect.losing], sort_keys=True)
    return sign_of_preview(written)


def _sign_of_move(preview: MovePreview) -> str:
    """Return a mark of all that the page told: the next edition keeps its number while others
    publish.
    """
    return _sign(asdict(preview), preview.effect)


def _told(changed: Collection[Enrolment]) -> str:
    completed = sum(one.status == EnrolmentStatus.COMPLETED for one in changed)
    sentence = _(
        "Saved. %(completed)d more trainees have completed and %(withdrawn)d no longer have."
    )
    return sentence % {"completed": completed, "withdrawn": len(changed) - completed}
