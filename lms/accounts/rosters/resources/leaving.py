"""People as a list that leaves tells them: as the same list would find them when it comes back."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from lms.accounts.models import Posting, User
from lms.accounts.rosters.domain.matching import PersonMatcher, PersonRecord


def told_people(
    *, rows: Sequence[User], register: PersonMatcher, by: User, day: date
) -> list[PersonRecord]:
    """Return each person with the post of today, or the first of several, that `by` may see."""
    pks = [person.pk for person in rows]
    register.recall(pks)
    held = Posting.objects.visible_to(by).on(day).filter(user__in=pks)
    seen = set(held.values_list("pk", flat=True))
    return [_told(register.people[pk], seen) for pk in pks]


def _told(person: PersonRecord, seen: Collection[int]) -> PersonRecord:
    told = replace(person)
    post = next((one for one in person.posts if one.pk in seen), None)
    if post is not None:
        told.unit, told.cadre, told.since = post.unit, post.cadre, post.valid_from
    if person.consent is not None:
        told.guardian, told.consent_on = person.consent.guardian, person.consent.given_on
    return told
