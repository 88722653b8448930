"""A file comes in: looked at before it is kept, and kept where no address leads."""

from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.accounts.register.domain.unit_choices import usual_editions
from lms.core.refusal import Refusal
from lms.core.stored_files import forget_file, local_path
from lms.core.text import nfc
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.importing.extensions import ImportKind
from lms.importing.models import ImportBatch
from lms.importing.reading.files import MAX_BYTES, check_upload, read_text


def receive(
    *,
    file: File,
    name: str,
    kind: ImportKind,
    sender: str,
    edition: BoundaryEdition | None,
    by: User,
) -> ImportBatch:
    """Keep the file as an import that waits for its columns to be named.

    Raises Refusal with the reason: `kind_not_open`, `too_big` and what `reading.check_upload`
    finds; then nothing is kept.
    """
    if not kind.is_open_to(by):
        raise Refusal("kind_not_open", _("You are not allowed to import this list."))
    if file.size > MAX_BYTES:
        raise Refusal(
            "too_big",
            _("The file is too big: the limit is %(most)s MB.")
            % {"most": str(MAX_BYTES // 1024**2)},
        )
    batch = ImportBatch(
        kind=kind.key,
        file_name=nfc(Path(name).name)[-200:],
        sender=nfc(sender),
        edition=edition if kind.on_a_map else None,
        by=by,
        unit=_area(by),
    )
    # The stored name says nothing; what people called the file stands in `file_name`.
    batch.file.save(f"list{Path(name).suffix.lower()[:6]}", file, save=False)
    try:
        with local_path(batch.file) as path:
            batch.file_kind = _file_kind(path, batch.file_name, kind)
        batch.save()
    except BaseException:
        forget_file(batch.file.storage, str(batch.file.name))
        raise
    return batch


def usual_edition(*, by: User) -> BoundaryEdition | None:
    """Return the map in use today; before that the latest that the person's roles stand on."""
    usual = usual_editions(by=by, on=timezone.localdate()).first()
    return usual or BoundaryEdition.objects.order_by("valid_from").first()


def _file_kind(path: Path, name: str, kind: ImportKind) -> str:
    """Return the form of text that the file has, or the kind of table; raise Refusal."""
    forms = [form for form in kind.text_forms if Path(name).suffix.lower() in form.endings]
    text = (read_text(path) or "") if forms else ""
    for form in forms:
        if form.recognises(text):
            return form.key
    return str(check_upload(path, name).value)


def _area(by: User) -> Any:
    held = by.role_assignments.filter(role__in=MANAGING_ROLES).values("unit")
    units = list(AdministrativeUnit.objects.filter(pk__in=held)[:2])
    return units[0] if len(units) == 1 else None
