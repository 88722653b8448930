"""Every pattern of the resolver, with an address of Lý Nhân for each.

A pattern that this file cannot fill in fails the walk with a sentence that says what to add.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets import viewsets

from attendance.domain.paper.sheet_codes import sheet_code
from attendance.domain.paper.trainee_cards import card_code
from attendance.models import CalendarFeed, Excuse, LateMark, SignedPaper, UnmatchedWalkIn
from courses.models import CourseRun, LessonPage, Question
from lms.accounts.models import Consent, CorrectionRequest
from lms.announcements.models import Announcement
from lms.notifications.domain.preferences import unsubscribe_token
from lms.notifications.models import DeadAddress, Notice, PushDevice
from lms.reporting.models import ReportSnapshot
from lms.scoped_admin.viewsets import registered_scoped_viewsets
from tests.walk.scenario import Scenario

# Patterns without a name cannot be reversed.
UNNAMED = {
    "quan-tri/test404/": "/quan-tri/test404/",
    "quan-tri/^.*/$": "/quan-tri/khong-co/",
    "^media/images/(?P<path>.+)$": "/media/images/khong-co.png",
}
# They end the browser session, so they are asked last of all.
ENDINGS = ("account_logout", "wagtailadmin_logout")


@dataclass(frozen=True)
class Address:
    """`name`: as `reverse` knows it; `is_filled`: a number of Lý Nhân stands in it.

    `has_results`: a list whose search is answered by another address, which `is_results`.
    `takes_forms`: whether what answers has anything that a form could reach.
    """

    name: str
    path: str
    is_filled: bool
    has_results: bool = False
    takes_forms: bool = True

    @property
    def is_results(self) -> bool:
        return self.name.endswith("_results")


class UnknownAddressError(Exception):
    """A view that nobody has said how to walk."""


def every_address(scenario: Scenario) -> tuple[list[Address], list[str]]:
    """One address a pattern, the pages that log out at the end; and what cannot be walked."""
    found, unknown = [], []
    for pattern in _patterns(get_resolver()):
        try:
            found.append(_address(scenario, *pattern))
        except UnknownAddressError as error:
            unknown.append(str(error))
    names = {address.name for address in found}
    marked = [replace(one, has_results=f"{one.name}_results" in names) for one in found]
    return sorted(marked, key=lambda address: address.name in ENDINGS), unknown


def _patterns(resolver: Any, before: str = "", names: str = "") -> Iterator[tuple[str, str, Any]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from _patterns(entry, route, inner)
        else:
            yield route, f"{names}{entry.name or ''}", entry


def _address(scenario: Scenario, route: str, name: str, entry: URLPattern) -> Address:
    if route in UNNAMED:
        return Address(name=route, path=UNNAMED[route], is_filled=False)
    known = dict(entry.pattern.converters) or entry.pattern.regex.groupindex
    groups = entry.pattern.regex.groups if not known else 0
    if groups:
        return Address(name, reverse(name, args=_positional(scenario, name)), is_filled=True)
    kwargs = {kwarg: _value(scenario, name, kwarg) for kwarg in known}
    return Address(
        name,
        reverse(name, kwargs=kwargs),
        is_filled=bool(kwargs),
        takes_forms=_takes_forms(entry.callback),
    )


def _takes_forms(view: Any) -> bool:
    """A view made of a class answers POST in a method of that name, or with 405 and nothing done."""
    made_of = getattr(view, "view_class", None)
    if made_of is None or hasattr(made_of, "post"):
        return True
    # One that finds the method in a way of its own might do more.
    ways = [one for one in made_of.__mro__ if "dispatch" in vars(one)]
    return not {*ways} <= {View, PermissionCheckedMixin}


def _positional(scenario: Scenario, name: str) -> list[Any]:
    lesson = scenario.common_page
    values = {
        "wagtail_serve": [f"{lesson.get_parent().get_parent().slug}/"],
        "wagtaildocs_serve": [scenario.document.pk, scenario.document.filename],
    }
    return _known(values, name, name)


def _value(scenario: Scenario, name: str, kwarg: str) -> Any:
    """What stands for `kwarg` in the address of the view `name`."""
    own = _own_values(scenario)
    for key in (f"{name} {kwarg}", f"{name.split(':', maxsplit=1)[0]} {kwarg}", kwarg):
        if key in own:
            return own[key]
    if kwarg == "pk":
        return _known(_row_by_namespace(scenario), name.split(":", maxsplit=1)[0], name)
    raise UnknownAddressError(_sentence(name, kwarg))


def _known(values: dict[str, Any], key: str, name: str) -> Any:
    if key not in values:
        raise UnknownAddressError(_sentence(name, "pk"))
    return values[key]


def _sentence(name: str, kwarg: str) -> str:
    return (
        f"The view {name} is not walked: say in tests/walk/addresses.py what {kwarg} is of "
        "Lý Nhân, and make the row in tests/walk/scenario.py, so that it could leak."
    )


def _row_by_namespace(scenario: Scenario) -> dict[str, Any]:
    """The number of the row of each viewset of the admin."""
    rows = {**scenario.rows, **scenario.common}
    models = {viewset.url_namespace: viewset.model for viewset in _model_viewsets()}
    return {namespace: rows[model].pk for namespace, model in models.items() if model in rows}


def _model_viewsets() -> list[Any]:
    own = list(registered_scoped_viewsets())
    # The viewset of pages has no namespace of its own.
    return own + [
        one
        for one in viewsets.viewsets
        if getattr(one, "model", None) is not None and getattr(one, "name", "")
    ]


def _own_values(scenario: Scenario) -> dict[str, Any]:
    """By `kwarg`, or by `namespace kwarg`, or by `name of the view kwarg`."""
    lesson, person = scenario.common_page, scenario.person
    run, unit, consent = scenario.rows[CourseRun], scenario.unit, scenario.rows[Consent]
    revision = lesson.latest_revision_id
    return _common_values(scenario) | {
        "courses:transcript pk": person.pk,
        "courses:transcript_file pk": person.pk,
        "courses:continue_course pk": scenario.enrolment.pk,
        "courses:my_class pk": scenario.enrolment.pk,
        "surveys:survey pk": scenario.enrolment.pk,
        "courses:complete_lesson pk": lesson.pk,
        "courses:quiz_start pk": scenario.attempt.quiz_id,
        "courses:quiz_question pk": scenario.attempt.pk,
        "courses:quiz_submit pk": scenario.attempt.pk,
        "courses:quiz_result pk": scenario.attempt.pk,
        "courses pk": run.pk,
        **_notice_values(scenario),
        **_attendance_values(scenario),
        "certificates:verify code": "7K3M-HX42-PQ9C",
        "certificates key": scenario.certificate.key,
        "merges:merge pk": person.pk,
        "editions pk": unit.edition_id,
        "editions:waiting_unit pk": unit.pk,
        "imports:blank kind": "people",
        "other_pk": scenario.twin.pk,
        "own_data_file ending": "json",
        "wagtailusers_users:consent_add pk": consent.user_id,
        "wagtailusers_users:consent_withdraw pk": consent.user_id,
        "consent_pk": consent.pk,
        "own_correction_withdraw pk": scenario.rows[CorrectionRequest].pk,
        "reporting key": "no-phone",
        **_reporting_values(scenario),
        "revision_id": revision,
        "questions revision_id": scenario.common[Question].latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "wagtailadmin_pages:revisions_compare pk": lesson.pk,
    }


def _notice_values(scenario: Scenario) -> dict[str, Any]:
    person = scenario.person
    token = unsubscribe_token(user_id=person.pk, kinds=["attendance.session_tomorrow"])
    return {
        "notices:note_call pk": person.pk,
        "notices:stop token": token,
        "notices:device_off pk": scenario.rows[PushDevice].pk,
        "notices:timeline pk": person.pk,
        "notices:decide_on_address pk": scenario.rows[DeadAddress].pk,
        "notices pk": scenario.rows[Notice].pk,
    }


def _reporting_values(scenario: Scenario) -> dict[str, Any]:
    return {
        "reporting unit_id": scenario.unit.pk,
        "reporting user_id": scenario.person.pk,
        "reporting pk": scenario.rows[ReportSnapshot].pk,
        "reporting kind": "pdf",
    }


def _attendance_values(scenario: Scenario) -> dict[str, Any]:
    run = scenario.rows[CourseRun]
    return {
        "attendance pk": scenario.session.pk,
        "attendance:session_new pk": run.pk,
        "attendance:session_series pk": run.pk,
        **{f"attendance:run_{name} pk": run.pk for name in ("register", "sign", "confirm")},
        **{
            f"attendance:{name} pk": run.pk
            for name in ("run_grid", "run_grid_file", "run_cards", "run_papers", "run_feed")
        },
        **{
            f"attendance:{name} pk": scenario.rows[Excuse].pk
            for name in ("excuse_decide", "excuse_paper")
        },
        **{
            f"attendance:{name} pk": scenario.rows[SignedPaper].pk
            for name in ("paper_file", "paper_keep", "paper_set_aside")
        },
        "announcements pk": scenario.rows[Announcement].pk,
        "attendance:feed pk": scenario.rows[CalendarFeed].pk,
        "attendance:late_mark pk": scenario.rows[LateMark].pk,
        "attendance:session_correct pk": scenario.signed_session.pk,
        "attendance:unmatched_walk_in pk": scenario.rows[UnmatchedWalkIn].pk,
        "attendance:sheet code": sheet_code(session_id=scenario.session.pk),
        "attendance:card code": card_code(enrolment_id=scenario.enrolment.pk),
    }


# Of these every installation has one.
_FIRST_ROWS = (
    *("wagtailadmin_collections pk", "collection_id", "wagtailsites pk"),
    *("wagtailredirects redirect_id", "wagtailsettings pk"),
)


def _common_values(scenario: Scenario) -> dict[str, Any]:
    lesson = scenario.common_page
    course = lesson.get_parent().get_parent()
    return {
        **dict.fromkeys(("page_id", "page_to_move_id", "page_pk"), lesson.pk),
        "parent_page_id": lesson.get_parent().pk,
        "destination_id": course.pk,
        "wagtailadmin_api pk": lesson.pk,
        "wagtailadmin_api:images:detail pk": scenario.image.pk,
        "wagtailadmin_api:documents:detail pk": scenario.document.pk,
        "wagtailadmin_api action_name": "copy",
        **dict.fromkeys(("document_id", "doc_id"), scenario.document.pk),
        "image_id": scenario.image.pk,
        "wagtailimages_chooser pk": scenario.image.pk,
        "wagtaildocs_chooser pk": scenario.document.pk,
        "uploaded_file_id": 1,
        "filter_spec": "width-50",
        **_workflow_values(scenario),
        **_kinds_of_rows(),
        **dict.fromkeys(_FIRST_ROWS, 1),
        "object_id": scenario.person.pk,
        "session_id": 1,
        "action": "delete",
        "decision": "revoke",
        "queue": "urgent",
        "enrolment_pk": scenario.enrolment.pk,
        "row_pk": scenario.import_row.pk,
        "number": 1,
        "restriction_id": 1,
        "page_view_restriction_id": 1,
        "uidb64": "MQ",
        "token": UUID(int=0),
        "course": course.slug,
        "course_outline pk": course.pk,
        "module": lesson.get_parent().slug,
        "lesson": lesson.slug,
    }


def _workflow_values(scenario: Scenario) -> dict[str, Any]:
    workflow = scenario.workflow
    return {
        "task_state_id": scenario.task_state.pk,
        "task_id": scenario.task_state.task_id,
        "workflow_state_id": scenario.task_state.workflow_state_id,
        "workflow_pk": workflow.pk,
        "wagtailadmin_workflows pk": workflow.pk,
        "wagtailadmin_workflows:edit_task pk": scenario.task_state.task_id,
        "wagtailadmin_workflows:disable_task pk": scenario.task_state.task_id,
        "wagtailadmin_workflows:enable_task pk": scenario.task_state.task_id,
        "wagtailadmin_pages action_name": "approve",
    }


def _kinds_of_rows() -> dict[str, Any]:
    return {
        # Log entries and other's work at the very person: what tells most.
        **dict.fromkeys(("app_label", "app_name", "content_type_app_name"), "accounts"),
        **dict.fromkeys(("model_name", "content_type_model_name"), "user"),
        "wagtailadmin_pages content_type_app_name": "courses",
        "wagtailadmin_pages content_type_model_name": LessonPage._meta.model_name,
        "wagtailadmin_workflows app_label": "wagtailcore",
        "wagtailadmin_workflows model_name": "groupapprovaltask",
    }
