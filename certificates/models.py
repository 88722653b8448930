"""Certificates: facts and file frozen on issue, numbered without a gap."""

import re
import uuid
from datetime import date
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import (
    DECIDING_ROLES,
    LIVE_STATUSES,
    CertificateStatus,
    EventKind,
)
from courses.models import CoursePage, Enrolment
from lms.accounts.models import User
from lms.core.fields import DerivedTextField
from lms.core.text import fold


def check_register_code(value: str) -> None:
    """Allow only capitals, Vietnamese ones too, and digits:
    a slash would break the serial number.
    """
    if value != value.upper() or not re.fullmatch(r"[^\W_]+(-[^\W_]+)*", value):
        raise ValidationError(
            _("Use capital letters and digits, with hyphens between them, such as SLĐTBXH."),
            code="register_code",
        )


#: The longest time that a certificate with an end may hold: fifty years.
MOST_MONTHS: Final = 600

# The word belongs to training institutions under the civil-service rules.
is_no_diploma = RegexValidator(
    r"(?i)chứng\s+chỉ",
    _("The term “chứng chỉ” is reserved for training institutions; use “giấy chứng nhận”."),
    inverse_match=True,
)
has_few_lines = RegexValidator(
    r"^[^\n]*(\n[^\n]*){0,3}$", _("There is room for four lines at most.")
)


def private_storage() -> Storage:
    return storages["private"]


class CertificateTemplateQuerySet(models.QuerySet["CertificateTemplate"]):
    def active(self) -> "CertificateTemplateQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> "CertificateTemplateQuerySet":
        """Return all for those who decide: the wording holds for the whole province;
        it names no trainee.
        """
        return self if user.scope.has_role(*DECIDING_ROLES) else self.none()


class CertificateTemplate(models.Model):
    """The wording of a certificate: issuer and signer are data, offices come and go."""

    name = models.CharField(_("name"), max_length=100)
    course = models.ForeignKey(
        CoursePage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificate_templates",
        verbose_name=_("course"),
        help_text=_("Leave empty to use it for every course without its own template."),
    )
    issuer_code = models.CharField(
        _("issuer's register code"),
        max_length=20,
        validators=[check_register_code],
        help_text=_(
            "Suffix of the serial number: 12/2026/GCN-SLĐTBXH. One series of numbers per code."
        ),
    )
    issuer_parent = models.CharField(_("issuer's superior body"), max_length=150)
    issuer_name = models.CharField(_("issuer"), max_length=150)
    place = models.CharField(_("place of issue"), max_length=100)
    title = models.CharField(_("title"), max_length=150, validators=[is_no_diploma])
    signer_position = models.CharField(
        _("signer's position"),
        max_length=150,
        validators=[has_few_lines],
        help_text=_("Line breaks are kept."),
    )
    signer_name = models.CharField(_("signer's name"), max_length=100, blank=True)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text=_("Counted from the day of issue. Leave empty for certificates without an end."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CertificateTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(is_active=True),
                name="certificate_template_in_use_once_per_course",
                violation_error_message=_(
                    "Another template is in use for this course. Take that one out of use first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_months=None) | Q(valid_months__range=(1, MOST_MONTHS)),
                name="certificate_template_valid_for_some_months",
            ),
            # NULL is never equal to NULL, so "every other course" needs a rule of its own.
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True, course__isnull=True),
                name="certificate_template_general_in_use_once",
                violation_error_message=_(
                    "Another general template is in use. Take that one out of use first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegisterBook(models.Model):
    """One gap-free series of numbers for each issuer and year.

    `certificates.domain.issuing` locks the row, takes `next_number` and adds one in the
    transaction that writes the certificate: no certificate, no number.
    """

    issuer_code = models.CharField(_("issuer's register code"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    next_number = models.PositiveIntegerField(_("next number"), default=1)

    class Meta:
        verbose_name = _("register book")
        verbose_name_plural = _("register books")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer_code", "year"], name="register_book_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuer_code} {self.year}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def live(self) -> "CertificateQuerySet":
        return self.filter(status__in=LIVE_STATUSES)

    def visible_to(self, user: User) -> "CertificateQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def decidable_by(self, user: User) -> "CertificateQuerySet":
        """Return those that the person may confirm, revoke or have replaced.

        A monitor changes no class, yet decides here: DOLISA issues the certificates and signs
        them, so its people answer for what becomes of them.
        """
        return self.filter(user.scope.units_q("enrolment__unit", DECIDING_ROLES))


class Certificate(models.Model):
    """Issued by `certificates.domain.issuing.issue_certificate`; nothing is ever deleted."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    template = models.ForeignKey(CertificateTemplate, models.PROTECT, related_name="certificates")
    book = models.ForeignKey(RegisterBook, models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField(_("register number"))
    serial = models.CharField(_("serial number"), max_length=40, unique=True)
    # What the QR code holds: not guessable, tells nothing.
    code = models.CharField(_("verification code"), max_length=20, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CertificateStatus.choices,
        default=CertificateStatus.VALID,
    )
    # Every word on the paper, as it was on the day of issue.
    facts = models.JSONField(_("facts"))
    file = models.FileField(
        _("file"), storage=private_storage, upload_to="certificates", blank=True
    )
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    # The last day on which it holds, as it was told on the day of issue; without: it has no end.
    valid_until = models.DateField(_("valid until"), null=True, blank=True, editable=False)
    search_text = DerivedTextField(max_length=300, sources=("serial", "holder_name"), derive=fold)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering: ClassVar = ["-issued_at", "-number", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(status__in=LIVE_STATUSES),
                name="certificate_one_live_per_enrolment",
            ),
            models.UniqueConstraint(fields=["book", "number"], name="certificate_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="certificate_number_from_one"),
            models.CheckConstraint(
                condition=(Q(file="") & Q(sha256="")) | (~Q(file="") & ~Q(sha256="")),
                name="certificate_file_has_fingerprint",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def holder_name(self) -> str:
        """The name as it stands on the paper."""
        return str(self.facts["name"])

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.facts["starts_on"])

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.facts["ends_on"])

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_STATUSES


class CertificateEvent(models.Model):
    """What happened to a certificate and why. Only ever added."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=10, choices=EventKind.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("certificate event")
        verbose_name_plural = _("certificate events")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind=EventKind.REVOKED) | (~Q(reason="") & Q(by__isnull=False)),
                name="certificate_revoked_by_person_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kind}"
