"""A record that no longer says who the person was; the figures stand on it as before.

Post, class, attendance, result and sex stay: they are what reports count. The paper of a
certificate and its entry in the register keep the name, since the issuing body keeps that register.
"""

from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from lms.accounts.extensions import NO_LONGER_KEPT, Exempted, personal_data
from lms.accounts.models import (
    Anonymisation,
    Consent,
    Posting,
    User,
)
from lms.core.fields import with_derived

# In the place of name and staff code, before the number of the record.
CODE: Final = "AN-DANH"
_EMPTIED: Final = {
    "phone": None,
    "phone_raw": "",
    "email": None,
    "year_of_birth": None,
    "is_active": False,
}


def anonymise(*, people: QuerySet[User], at: datetime) -> int:
    """Turn name and staff code into a code; contact and year of birth go, and nobody signs in.

    The history of the record goes too, since it tells the name. Answers of how many; a repeat
    changes nothing.
    """
    with transaction.atomic():
        rows = User.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=people.values("pk")
        )
        chosen = list(rows.filter(anonymisation=None).order_by("pk"))
        for person in chosen:
            person.full_name = person.staff_code = f"{CODE}-{person.pk}"
            person.password = make_password(None)
            for name, value in _EMPTIED.items():
                setattr(person, name, value)
        columns = with_derived(chosen, ["full_name", "staff_code", "password", *_EMPTIED])
        User.objects.bulk_update(chosen, columns, batch_size=200)
        for data in personal_data:
            if data.ends_with_person:
                data.model._base_manager.filter(**{f"{data.subject}__in": chosen}).delete()
        for model in (EmailAddress, Authenticator, UserProfile):
            model._base_manager.filter(user__in=chosen).delete()
        # That there was a consent stays; who gave it for a child does not.
        consents = Consent.objects.filter(user__in=chosen)
        consents.exclude(guardian="").update(guardian=NO_LONGER_KEPT)
        consents.update(kept_at="")
        about = {"content_type__app_label": "accounts", "content_type__model": "user"}
        keys = [str(person.pk) for person in chosen]
        ModelLogEntry.objects.filter(object_id__in=keys, **about).delete()
        Anonymisation.objects.bulk_create(Anonymisation(user=one, done_at=at) for one in chosen)
    return len(chosen)


def people_who_left(before: datetime) -> QuerySet[User]:
    """Return those whose last post ended before that day, who hold no role and were not here since.

    With the records that were merged into theirs. Whoever never had a post has no such day.
    """
    left = _without_post(before).filter(role_assignments=None, is_superuser=False)
    gone = left.exclude(last_login__gte=before)
    merged = Q(merged_into__in=gone.values("pk")) | Q(merged_into__anonymisation__isnull=False)
    people = User.objects.filter(anonymisation=None)
    return people.filter(Q(pk__in=gone.values("pk")) | merged)


def people_still_needed(before: datetime) -> Exempted:
    """Count those without a post since that day who are kept, by the reason."""
    # One query: whoever holds a role is not counted again for a log-in.
    left = _without_post(before).annotate(roles=Count("role_assignments"))
    keeping = Q(roles__gt=0) | Q(is_superuser=True)
    counts = left.aggregate(
        keeping=Count("pk", filter=keeping),
        seen=Count("pk", filter=~keeping & Q(last_login__gte=before)),
    )
    yield counts["keeping"], _("hold a role")
    yield counts["seen"], _("have logged in since")


def _without_post(before: datetime) -> QuerySet[User]:
    mine = Posting.objects.filter(user=OuterRef("pk"))
    later = mine.filter(Q(valid_to=None) | Q(valid_to__gte=localdate(before)))
    people = User.objects.filter(anonymisation=None, merged_into=None)
    return people.filter(Exists(mine), ~Exists(later))
