"""A list on its way into the register: the file, what was decided about it, and each of its rows."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MANAGING_ROLES, SpellingKind
from lms.accounts.models import User
from lms.core.fields import DerivedTextField
from lms.core.text import fold
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.importing.enums import WORKING_STATES, WRITTEN_STATES, BatchState, RowOutcome
from lms.spreadsheets.import_rows import place_in_file

UNDO_DAYS = timedelta(days=30)


def private_storage() -> Storage:
    return storages["private"]


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> "ImportBatchQuerySet":
        """Return the own ones and those that were made for the area one looks after."""
        if user.scope.administers_province:
            return self
        return self.filter(Q(by=user) | user.scope.units_q("unit", roles=MANAGING_ROLES))

    def manageable_by(self, user: User) -> "ImportBatchQuerySet":
        """Return the own ones; administrators of the province may go on with anybody's."""
        return self if user.scope.administers_province else self.filter(by=user)


class ImportBatch(models.Model):
    """One file and all that comes of it.

    `uploading.receive` makes it, `mapping.choose` says what the columns mean, then
    `rehearsing.rehearse`, `confirming.confirm` and `undoing.undo` walk `state`, each asked for by
    a person and done by a worker. A working state outlives its worker: the sweep takes it up.
    """

    kind = models.CharField(_("list"), max_length=30)
    file = models.FileField(_("file"), storage=private_storage, upload_to="imports")
    file_name = models.CharField(_("file name"), max_length=200)
    file_kind = models.CharField(max_length=10)
    sender = models.CharField(
        _("sender"),
        max_length=120,
        blank=True,
        help_text=_("The office that sent the list. Its column names are remembered."),
    )
    edition = models.ForeignKey(
        BoundaryEdition, models.PROTECT, null=True, related_name="+", verbose_name=_("map")
    )
    by = models.ForeignKey(
        User, models.PROTECT, related_name="import_batches", verbose_name=_("uploaded by")
    )
    # The area that the person looks after; None where that is no single unit.
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, null=True, related_name="+", verbose_name=_("area")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=BatchState.choices, default=BatchState.UPLOADED
    )
    # When the state began, and while it is worked at: when the worker was last heard of.
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    # Counts the starts: an older worker that wakes up again finds itself out of date.
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What the person chose: {"sheets", "encoding", "columns": {field: column or columns},
    # "once": {field: what all rows say}}, the fields that what stands around the rows tells, "told", what the
    # file hides, "hidden": {"rows", "columns", "left_out"}, and the sheets that were "not_read" with their rows.
    # "unmapped" columns with some of their values go at the purge.
    choices = models.JSONField(default=dict)
    # Rows that are no data: [row number, reason, text, sheet where several are read].
    left_out = models.JSONField(default=list)
    # What would follow from the list as a whole, in sentences: whose completion it withdraws.
    effects = models.JSONField(default=list)
    # Spellings of units and titles that nobody knows: {"kind", "text", "rows"}.
    spellings = models.JSONField(default=list)
    # A sentence that the page has to say: why it stopped, what changed since.
    notice = models.TextField(blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("written at"), null=True)
    # Once file and rows are gone: how many rows of each outcome there were.
    purged_at = models.DateTimeField(_("purged at"), null=True)
    counts = models.JSONField(default=dict)
    search_text = DerivedTextField(max_length=330, sources=("file_name", "sender"), derive=fold)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["state_since"],
                condition=Q(state__in=WORKING_STATES),
                name="import_batch_being_worked_at",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=WRITTEN_STATES, confirmed_at__isnull=False)
                | (~Q(state__in=WRITTEN_STATES) & Q(confirmed_at__isnull=True)),
                name="import_batch_written_has_time",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total")), name="import_batch_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def undo_until(self) -> datetime | None:
        return self.confirmed_at + UNDO_DAYS if self.confirmed_at else None

    @property
    def is_working(self) -> bool:
        return self.state in WORKING_STATES


class ImportRow(models.Model):
    """One row of the list: what it says, what would be done with it, what was done.

    `changes` are [column, old, new] as a person reads them; `errors` and `warnings` sentences by
    column, `error_codes` the code of each error, `notes` one sentence by column.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    # Of a list that is read cell by cell: D14; of several sheets: the row of its own sheet.
    address = models.CharField(_("cell"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    cells = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=8, choices=RowOutcome.choices)
    target = models.BigIntegerField(null=True)
    changes = models.JSONField(default=list)
    errors = models.JSONField(default=dict)
    error_codes = models.JSONField(default=dict)
    warnings = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    # Whom a person chose among the candidates; 0 for somebody new.
    choice = models.BigIntegerField(null=True)
    search_text = DerivedTextField(max_length=500, sources=("said",), derive=fold)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["batch", "outcome", "number"], name="import_row_by_outcome")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once_per_batch"),
            models.CheckConstraint(
                condition=~Q(outcome=RowOutcome.CHANGED) | Q(target__isnull=False),
                name="import_row_changed_has_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.where}"

    @property
    def said(self) -> str:
        """What the row says, in one text; a phone number also as one dials it here."""
        texts = [text for text in self.cells.values() if text]
        return " ".join([*texts, *(f"0{text[3:]}" for text in texts if text.startswith("+84"))])

    @property
    def where(self) -> str:
        """The cell or the number of the row, after the sheet where several are read."""
        return place_in_file(sheet=self.sheet, address=self.address, number=self.number)


class ImportWrite(models.Model):
    """One object that a row wrote (`lms.core.change_journal.Change`), kept for the undo."""

    row = models.ForeignKey(ImportRow, models.CASCADE, related_name="writes")
    model = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    is_new = models.BooleanField()
    # Column: [old, new].
    fields = models.JSONField()
    group = models.CharField(max_length=10, blank=True)
    # Why the undo left it as it is: a sentence for each thing left.
    left = models.JSONField(default=list)

    class Meta:
        verbose_name = _("object written by an import")
        verbose_name_plural = _("objects written by imports")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.model} {self.object_pk}"


class RememberedMapping(models.Model):
    """What the columns of a sender's lists meant the last time: field by label of the column."""

    kind = models.CharField(max_length=30)
    sender_key = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "sender_key"], name="remembered_mapping_once_per_sender"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.sender_key}"


class RememberedSpelling(models.Model):
    """What a spelling means in the lists that a person gets from a sender: `spellings.answer` keeps it.

    `meaning` is the code of a unit, looked up on the map of each list, so that a unit that is no
    longer there is asked for again; or a cadre, `NO_CADRE` for a title that says nothing of one.
    """

    by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("answered by"))
    sender_key = models.CharField(max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SpellingKind)
    spelling = models.CharField(_("spelling"), max_length=200)
    meaning = models.CharField(_("meaning"), max_length=20, blank=True)
    used_at = models.DateTimeField(_("last used at"), default=timezone.now)

    class Meta:
        verbose_name = _("remembered spelling")
        verbose_name_plural = _("remembered spellings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["by", "sender_key", "kind", "spelling"],
                name="remembered_spelling_once_per_sender",
            )
        ]

    def __str__(self) -> str:
        return f"{self.spelling} > {self.meaning}"
