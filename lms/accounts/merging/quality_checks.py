"""What merging offers to the page of data quality: people who may be on the register twice."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.merging.domain.duplicates import DuplicatePair, find_pairs
from lms.accounts.models import User
from lms.core.quality import QualityAct, QualityCheck, QualityLine
from lms.geography.models import AdministrativeUnit


class Duplicates(QualityCheck):
    """Pairs, not people. They are found by reading names, so counting costs a few queries more."""

    key = "duplicates"
    label = _("Possible duplicates")
    explanation = _(
        "Two records that may be one person, who then counts twice. Look at both, then merge them "
        "or say that they are two people."
    )
    order = 60

    def count_by_path(self, reader: User, *, at: datetime) -> Mapping[str, int]:
        return Counter(map(_path, self.subjects(reader, at=at)))

    def subjects(self, reader: User, *, at: datetime, path: str = "") -> list[DuplicatePair]:
        people = User.objects.visible_to(reader)
        pairs = find_pairs(people=people, reader=reader, on=localdate(at))
        return [pair for pair in pairs if _path(pair).startswith(path)]

    def lines(
        self, subjects: Sequence[DuplicatePair], *, reader: User, at: datetime
    ) -> list[QualityLine]:
        people = {one.pk for pair in subjects for one in (pair.first, pair.second)}
        mine = User.objects.manageable_by(reader).filter(pk__in=people)
        kept = set(mine.order_by().values_list("pk", flat=True))
        return [_line(pair, kept) for pair in subjects]

    def act(self, reader: User) -> QualityAct | None:
        if not reader.scope.has_role(*MANAGING_ROLES):
            return None
        return QualityAct(_("Compare possible duplicates"), reverse("merges:duplicates"))


def _line(pair: DuplicatePair, kept: Collection[int]) -> QualityLine:
    first, second = pair.first, pair.second
    may_mend = {first.pk, second.pk} <= set(kept)
    return QualityLine(
        label=f"{first.full_name} – {second.full_name}",
        code=f"{first.staff_code} – {second.staff_code}",
        place=str(_unit(pair) or ""),
        note=str(pair.reason.label),
        url=reverse("wagtailusers_users:inspect", args=(first.pk,)),
        mend_url=reverse("merges:merge", args=(first.pk, second.pk)) if may_mend else "",
    )


def _unit(pair: DuplicatePair) -> AdministrativeUnit | None:
    """Return where the two are told of: the last post that the reader sees of either."""
    posts = [post for of_one in pair.postings.values() for post in of_one]
    return max(posts, key=lambda post: (post.valid_from, post.pk)).unit if posts else None


def _path(pair: DuplicatePair) -> str:
    unit = _unit(pair)
    return unit.path if unit else ""


CHECKS = (Duplicates(),)
