"""What attendance offers to the page of data quality: rolls that nobody has finished or signed."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from attendance.domain.session_trainers import load_trainers, trainers_of
from attendance.domain.sessions.pending import rolls_to_finish, sessions_to_sign
from attendance.domain.wording import describe_when
from attendance.models import Session, SessionQuerySet
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.quality import QualityLine, RowCheck


class SessionCheck(RowCheck):
    """A check of the sessions of classes that a unit of the reader's area holds."""

    path_field = "run__unit__path"
    #: The page on which one mends it.
    mended_at: str

    @abstractmethod
    def find(self, sessions: SessionQuerySet, *, reader: User, at: datetime) -> QuerySet[Any]:
        """Return those of the sessions that are wrong, in the order of the page."""

    def rows(self, reader: User, *, at: datetime) -> QuerySet[Any]:
        held = CourseRun.objects.filter(reader.scope.units_q("unit"))
        found = self.find(Session.objects.filter(run__in=held), reader=reader, at=at)
        return found.select_related("run__unit")

    def lines(self, subjects: Sequence[Any], *, reader: User, at: datetime) -> list[QualityLine]:
        mine = Session.objects.manageable_by(reader).filter(pk__in=[one.pk for one in subjects])
        kept = set(mine.order_by().values_list("pk", flat=True))
        load_trainers(subjects)
        return [
            QualityLine(
                label=f"{one.title}, {one.run.title}",
                code=one.run.code,
                place=str(one.run.unit),
                note="; ".join(filter(None, self.notes(one, at))),
                url=reverse("courses:run_detail", args=(one.run_id,)),
                mend_url=reverse(self.mended_at, args=(one.pk,)) if one.pk in kept else "",
            )
            for one in subjects
        ]

    def notes(self, session: Any, at: datetime) -> list[str]:
        """Return when it was, and who taught it."""
        when = describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=at)
        names = ", ".join(trainer.full_name for trainer in trainers_of(session=session))
        return [when, _("trainers: %(names)s") % {"names": names} if names else _("no trainer")]


class RollNotTaken(SessionCheck):
    key = "roll-not-taken"
    label = gettext_lazy("Roll not taken")
    explanation = gettext_lazy(
        "Sessions of earlier days on whose roll somebody has no status: their hours are missing, and "
        "so may be a completion. Take the roll, or ask the trainer."
    )
    order = 90
    mended_at = "attendance:roll_call"

    def find(self, sessions: SessionQuerySet, *, reader: User, at: datetime) -> QuerySet[Any]:
        return rolls_to_finish(sessions, reader=reader, today=localdate(at))

    def notes(self, session: Any, at: datetime) -> list[str]:
        sentence = ngettext(
            "%(count)s person without a status",
            "%(count)s people without a status",
            session.unnoted_count,
        )
        return [*super().notes(session, at), sentence % {"count": session.unnoted_count}]


class RollNotSigned(SessionCheck):
    key = "roll-not-signed"
    label = gettext_lazy("Register not signed")
    explanation = gettext_lazy(
        "Sessions of the last 90 days whose register no trainer has signed: nobody answers for the "
        "hours yet. Sign it, or ask the trainer."
    )
    order = 100
    mended_at = "attendance:session_sign"

    def find(self, sessions: SessionQuerySet, *, reader: User, at: datetime) -> QuerySet[Any]:
        return sessions_to_sign(sessions, now=at)


CHECKS = (RollNotTaken(), RollNotSigned())
