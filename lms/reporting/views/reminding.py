"""Whom a report lets somebody write to: those whose names it shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.learning_reminders import invites_to, words_by_hand
from courses.models import CourseRun
from lms.accounts.models import User
from lms.announcements.extensions import Audience, Group, write_url
from lms.core.addresses import absolute_url
from lms.core.requests import read_number
from lms.notifications.permissions import SENDING_ROLES
from lms.reporting.domain.course_progress import find_person
from lms.reporting.domain.people import People
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.enums import PersonState
from lms.reporting.views.acts import requirements_of
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.listing import NamesList, list_address, read_names
from lms.reporting.views.urls_for import address

KEY = "reporting.names"
PERSON_KEY = "reporting.person"
# Of the state, of its part and of the filters of a report.
_PARAMS = (
    *("unit", "where", "state", "part", "figure", "programme", "edition", "cadre", "counted"),
    *("course", "run", "sex", "age", "since", "until"),
)
# Whoever waits for a class is invited; whoever is late needs a class, and no message.
_REMINDED = (PersonState.TO_COME, PersonState.LEARNING)


@dataclass(frozen=True)
class _Asked:
    """What of a request says which list is meant."""

    user: User
    GET: QueryDict


class NamesAudience(Audience):
    """Those of a list of names, as it stands today, whom the writer coordinates."""

    key = KEY
    params = _PARAMS

    def find(self, *, by: User, params: Mapping[str, str], remind: bool) -> Group | None:
        if not by.scope.has_role(*SENDING_ROLES):
            return None
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in params.items() if text})
        try:
            listed = read_names(_Asked(by, query), read_number(params.get("unit", "")))
        except Http404:
            return None
        if listed is None or not isinstance(listed.people, People):
            return None
        states = [one for one in listed.states if not remind or one in _REMINDED]
        cadres = list(requirements_of(listed))
        people = listed.people.users(states=states, cadres=cadres)
        own = User.objects.filter(by.scope.units_q("postings__unit", SENDING_ROLES))
        return Group(
            label=listed.title,
            people=people.filter(pk__in=own.values("pk")),
            back=list_address(listed, "", listed.state),
            unit=listed.asked.area,
            run_id=listed.asked.narrowing.run_id,
            **_proposed(
                remind, invites=_all_wait(listed, states), run_id=listed.asked.narrowing.run_id
            ),
        )


class PersonAudience(Audience):
    """One person of a report, found anew by the number of the account: no name is kept."""

    key = PERSON_KEY
    params = ("person", "programme")

    def find(self, *, by: User, params: Mapping[str, str], remind: bool) -> Group | None:
        query = QueryDict(mutable=True)
        query["programme"] = params.get("programme", "")
        person = read_number(params.get("person", ""))
        try:
            asked = parse_query(_Asked(by, query), unit_id=None)
        except Http404:
            return None
        if asked is None or not person:
            return None
        line = find_person(programme=asked.programme, user_id=person, on=asked.day, reader=by)
        if line is None or not _may_write(by, line):
            return None
        is_meant = not remind or line.state in _REMINDED
        return Group(
            label=_("One person in %(place)s") % {"place": line.unit},
            people=User.objects.filter(pk=person) if is_meant else User.objects.none(),
            back=address("person", asked, person),
            unit=line.unit,
            **_proposed(remind, invites=line.state == PersonState.TO_COME),
        )


def ways_to_remind_one(asked: ReportQuery, line: PersonLine) -> list[dict[str, str]]:
    """Return the button on the page of one person; none where there is nothing to be reminded of."""
    if line.state not in _REMINDED or not _may_write(asked.reader, line):
        return []
    params = {"person": str(line.user.pk), "programme": str(asked.programme.pk)}
    return [_button(write_url(PERSON_KEY, params, remind=True), line.state == PersonState.TO_COME)]


def _may_write(by: User, line: PersonLine) -> bool:
    """Return whether the writer coordinates a unit in which the person holds a post."""
    own = User.objects.filter(by.scope.units_q("postings__unit", SENDING_ROLES))
    return own.filter(pk=line.user.pk).exists()


def _all_wait(listed: NamesList, states: Collection[PersonState]) -> bool:
    """Return whether all of them who can be reminded wait for a class that is to come."""
    there = {one for one in states if one in _REMINDED and listed.counted[one]}
    return there == {PersonState.TO_COME}


def _proposed(remind: bool, *, invites: bool, run_id: int | None = None) -> dict[str, Any]:
    """Return the words of a reminder or an invitation, of one class its own; nothing where somebody
    writes their own.
    """
    if not remind:
        return {}
    run = CourseRun.objects.filter(pk=run_id).first() if run_id else None
    if run is not None:
        today = timezone.localdate()
        own = words_by_hand(run=run, today=today)
        return {**own, "is_invitation": invites_to(run=run, today=today)}
    words = {"url": absolute_url(reverse("courses:my_work"))}
    if invites:
        text = _("You are enrolled in a class that is to come. See when and where: %(url)s")
        subject = _("Your class is to come")
        return {"subject": subject, "text": text % words, "is_invitation": True}
    text = _("You have not completed your training yet. See what is left to do: %(url)s")
    return {"subject": _("Your training is not completed yet"), "text": text % words}


def _button(url: str, invites: bool) -> dict[str, str]:
    label = _("Invite now") if invites else _("Remind now")
    return {"label": label, "url": url, "icon": "bell", "variant": "secondary"}


def ways_to_remind(listed: NamesList) -> list[dict[str, str]]:
    """Return the button above a list of names; none where nobody of them can be reminded."""
    asked = listed.asked
    may = asked.reader.scope.has_role(*SENDING_ROLES) and isinstance(listed.people, People)
    if not may or not any(listed.counted[one] for one in listed.states if one in _REMINDED):
        return []
    more = {"where": listed.where.value, "state": listed.state}
    more["part"] = listed.part.value if listed.part else ""
    more["figure"] = listed.figure.key if listed.figure else ""
    more["unit"] = str(asked.unit.pk) if asked.unit else ""
    said = QueryDict(asked.query).dict() | more
    url = write_url(KEY, {name: str(text) for name, text in said.items() if text}, remind=True)
    return [_button(url, _all_wait(listed, listed.states))]
