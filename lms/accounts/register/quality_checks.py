"""What the register offers to the page of data quality: records that lack something."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import Posting, User
from lms.accounts.register.domain.incomplete_records import (
    with_several_posts,
    without_any_way,
    without_commune,
    without_phone,
    without_post,
)
from lms.core.quality import QualityLine, RowCheck
from lms.geography.models import AdministrativeUnit


def changeable(people: Collection[int], *, reader: User) -> set[int]:
    """Return which of these people's records the reader may change; one query."""
    mine = User.objects.manageable_by(reader).filter(pk__in=people)
    return set(mine.order_by().values_list("pk", flat=True))


def line_of(
    person: User, unit: AdministrativeUnit | None, *, note: str, mended_by: Collection[int]
) -> QualityLine:
    """Return the line of a person; `mended_by`: whose records the reader may change."""
    may_mend = person.pk in mended_by
    return QualityLine(
        label=person.full_name,
        code=person.staff_code,
        place=str(unit or ""),
        note=note,
        url=reverse("wagtailusers_users:inspect", args=(person.pk,)),
        mend_url=reverse("wagtailusers_users:edit", args=(person.pk,)) if may_mend else "",
    )


class PostCheck(RowCheck):
    """A check of people by a post of theirs; the note says which post."""

    def lines(
        self, subjects: Sequence[Posting], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        mine = changeable([post.user_id for post in subjects], reader=reader)
        return [
            line_of(post.user, post.unit, note=self.note(post), mended_by=mine) for post in subjects
        ]

    def note(self, post: Posting) -> str:
        return post.get_cadre_display()


class NoPhone(PostCheck):
    key = "no-phone"
    label = gettext_lazy("No phone number")
    explanation = gettext_lazy(
        "Nobody can call or send a message. Ask the commune and enter the number."
    )
    order = 10

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Posting]:
        return without_phone(reader=reader, on=localdate(at))

    def note(self, post: Posting) -> str:
        if not post.user.phone_raw:
            return super().note(post)
        return _("%(cadre)s; the list said “%(phone)s”") % {
            "cadre": super().note(post),
            "phone": post.user.phone_raw,
        }


class NoWay(PostCheck):
    key = "no-way"
    label = gettext_lazy("No way to be reached")
    explanation = gettext_lazy(
        "Neither a phone number nor an e-mail address: no reminder arrives. These people also "
        "stand among those without a phone number."
    )
    order = 20

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Posting]:
        return without_any_way(reader=reader, on=localdate(at))


class SeveralPosts(PostCheck):
    key = "several-posts"
    label = gettext_lazy("Several posts at the same time")
    explanation = gettext_lazy(
        "In figures such a person counts once, in the first post. End the post that is over; leave "
        "both where both are held."
    )
    order = 30

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Posting]:
        return with_several_posts(reader=reader, on=localdate(at))

    def lines(
        self, subjects: Sequence[Posting], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        people = [post.user_id for post in subjects]
        seen = Posting.objects.visible_to(reader).on(localdate(at)).filter(user__in=people)
        posts: dict[int, list[str]] = defaultdict(list)
        for post in seen.select_related("unit").order_by("valid_from", "pk"):
            posts[post.user_id].append(str(post))
        mine = changeable(people, reader=reader)
        return [
            line_of(one.user, one.unit, note="; ".join(posts[one.user_id]), mended_by=mine)
            for one in subjects
        ]


class NoCommune(PostCheck):
    key = "no-commune"
    label = gettext_lazy("No commune")
    explanation = gettext_lazy(
        "People of a commune whose post stands on a district: they count in no commune. Enter the "
        "commune of the post."
    )
    order = 40

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Posting]:
        return without_commune(reader=reader, on=localdate(at))


class NoPost(RowCheck):
    key = "no-post"
    label = gettext_lazy("An open account without a post")
    explanation = gettext_lazy(
        "Whoever left should have the account closed; whoever moved needs the new post."
    )
    order = 50
    path_field = "last_path"

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Any]:
        return without_post(reader=reader, on=localdate(at))

    def lines(self, subjects: Sequence[Any], *, reader: User, at: datetime) -> list[QualityLine]:
        units = AdministrativeUnit.objects.in_bulk({one.last_unit for one in subjects})
        mine = changeable([one.pk for one in subjects], reader=reader)
        return [
            line_of(
                one,
                units.get(one.last_unit),
                note=_("The last post has ended") if one.last_unit else _("Never had a post"),
                mended_by=mine,
            )
            for one in subjects
        ]


CHECKS = (NoPhone(), NoWay(), SeveralPosts(), NoCommune(), NoPost())
