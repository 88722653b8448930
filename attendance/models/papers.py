"""The sheet that people have signed, as a photo or a scan beside the register."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.models.sessions import Session
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.sent_papers import private_storage


class SignedPaperQuerySet(models.QuerySet["SignedPaper"]):
    def manageable_by(self, user: User) -> "SignedPaperQuerySet":
        """Return those of sessions whose roll one may take; nobody else reads signatures."""
        return self.filter(session__run__in=CourseRun.objects.manageable_by(user))

    def in_use(self) -> "SignedPaperQuerySet":
        return self.filter(set_aside_at=None)

    def doubles_of(self, paper: "SignedPaper") -> "SignedPaperQuerySet":
        """Return the other pages in use that say to be the same page of the same sheet."""
        if paper.sheet_page is None:
            return self.none()
        same = self.in_use().filter(session=paper.session_id, sheet_page=paper.sheet_page)
        return same.exclude(pk=paper.pk)


class SignedPaper(models.Model):
    """One page of a signed sheet. Attached and set aside by `attendance.domain.paper.scans`.

    It is never overwritten: a page that is wrong is set aside and stays on record.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="papers")
    page = models.PositiveSmallIntegerField(_("page"))
    #: Which page of the sheet its code says it is; None where no code or no page was read.
    sheet_page = models.PositiveSmallIntegerField(_("page of the sheet"), null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to="signed_papers")
    # Of what is kept: the same photo sent twice is one page.
    digest = models.CharField(max_length=64)
    attached_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(_("attached at"))
    set_aside_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, blank=True)

    objects = SignedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of a signed sheet")
        verbose_name_plural = _("pages of signed sheets")
        ordering: ClassVar = ["session", "page", "pk"]
        constraints: ClassVar = [
            *(
                models.UniqueConstraint(
                    fields=["session", name],
                    condition=Q(set_aside_at=None),
                    name=f"signed_paper_{name}_once",
                )
                for name in ("page", "digest")
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_by__isnull=True)
                | Q(set_aside_at__isnull=False, set_aside_by__isnull=False),
                name="signed_paper_set_aside_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.page}"

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it; a PDF is opened outside."""
        return not str(self.file.name).endswith(".pdf")
