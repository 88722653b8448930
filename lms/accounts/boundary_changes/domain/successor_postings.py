"""Many posts go on in other units on one day, with the history kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import F

from lms.accounts.models import Posting

_COPIED = [field.attname for field in Posting._meta.concrete_fields if not field.primary_key]


def continue_postings(*, posts: Sequence[Posting], targets: Mapping[int, int], on: date) -> None:
    """Each post ends the day before and goes on in the unit that `targets` names by its pk.

    A post that began on that day or later never was in the old unit: its unit is put right. Where
    the person holds the successor's post already, the old one just ends. The caller holds the
    people. The number of statements grows with the targets, never with the posts.
    """
    users = {post.user_id for post in posts}
    open_posts = Posting.objects.filter(
        valid_to=None, user__in=users, unit__in=set(targets.values())
    )
    taken = set(open_posts.values_list("user", "unit", "cadre"))
    ended: list[int] = []
    doubled: list[int] = []
    renamed: dict[int, list[int]] = defaultdict(list)
    new: list[Posting] = []
    for post in sorted(posts, key=lambda one: (one.valid_from, one.pk)):
        key = (post.user_id, targets[post.pk], post.cadre)
        if post.valid_from < on:
            ended.append(post.pk)
            if key not in taken:
                new.append(_continued(post, unit_id=targets[post.pk], on=on))
        elif key in taken:
            doubled.append(post.pk)
        else:
            renamed[targets[post.pk]].append(post.pk)
        taken.add(key)
    Posting.objects.filter(pk__in=ended).update(valid_to=on - timedelta(days=1))
    Posting.objects.filter(pk__in=doubled).update(valid_to=F("valid_from"))
    for unit, pks in renamed.items():
        Posting.objects.filter(pk__in=pks).update(unit=unit)
    Posting.objects.bulk_create(new, batch_size=1000)


def _continued(post: Posting, *, unit_id: int, on: date) -> Posting:
    values = {name: getattr(post, name) for name in _COPIED}
    return Posting(**values | {"unit_id": unit_id, "valid_from": on, "valid_to": None})
