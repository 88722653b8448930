"""A copy of the database with made-up people: who was in which class stays, who that was does not."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.storage import Storage, default_storage, storages
from django.db import connection, models, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from lms.accounts.extensions import PersonalData, personal_data
from lms.accounts.models import User
from lms.accounts.personal_data.domain.pseudonyms import (
    made_up_code,
    made_up_email,
    made_up_name,
    made_up_phone,
    made_up_year,
)
from lms.core.databases import compact_file
from lms.core.fields import DerivedTextField, with_derived
from lms.core.refusal import Refusal

_CHUNK: Final = 1000
_TEXT: Final = {"CharField", "TextField", "JSONField", "FileField", "SlugField", "BinaryField"}
# What stands in the name of a database that is a copy.
_COPY: Final = ("copy", "ban-sao", "ban_sao")
# Columns of the record that are written anew.
_OF_PEOPLE: Final = ("staff_code", "full_name", "phone", "email", "year_of_birth", "password")


def pseudonymise(*, confirmed: bool) -> int:
    """Give everybody in this database a made-up name, and take away what else tells who it was.

    Made-up people of a trial stay as they are. Answers of how many people were changed. Raises
    Refusal: `production`, `no_copy` when the name of the database does not say that it is a
    copy and nobody has `confirmed` it, `no_copy_of_files` when the files lie apart from the data
    and their place does not say so either, `undeclared` for columns that no app has spoken of.
    All or nothing for the database; then the files go. A repeat is safe.
    """
    _refuse_unless_copy(confirmed)
    forgotten = undeclared_columns()
    if forgotten:
        sentence = _("No app says what happens to: %(columns)s.")
        raise Refusal("undeclared", sentence % {"columns": ", ".join(forgotten)})
    files = list(_files_to_go())
    with transaction.atomic():
        for data in personal_data:
            if data.copy.removed:
                data.model._base_manager.all().delete()
        changed = _rename_people()
        for data in personal_data:
            if data.copy.emptied or data.copy.replaced:
                _rewrite(data)
    _clear_files(files)
    cache.clear()
    compact_file()
    return changed


def undeclared_columns() -> list[str]:
    """Return columns of text, JSON or files that no rule names: `app.Model.column`."""
    return [
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        for column in text_columns(model)
        if not _is_declared(personal_data.get(model._meta.label_lower), column.name)
    ]


def text_columns(model: type[models.Model]) -> list[Any]:
    """Return the columns of this table that could say something about a person.

    Not those with fixed choices, nor those worked out from others.
    """
    return [
        column
        for column in model._meta.local_concrete_fields
        if column.get_internal_type() in _TEXT
        and not isinstance(column, DerivedTextField)
        and not column.choices
    ]


def _is_declared(data: PersonalData | None, column: str) -> bool:
    return data is not None and data.copy.names(column)


def _refuse_unless_copy(confirmed: bool) -> None:
    if settings.SUITE_PRODUCTION:
        raise Refusal(
            "production",
            _("These are the settings of a server with people's real records: nothing was done."),
        )
    name = Path(str(connection.settings_dict["NAME"])).name
    if not confirmed and not any(word in name.lower() for word in _COPY):
        sentence = _(
            "The database “%(name)s” does not look like a copy: its name would hold “copy”. Nothing "
            "was done. If it is one, add --yes-this-is-a-copy."
        )
        raise Refusal("no_copy", sentence % {"name": name})
    place = str(settings.SUITE_FILES)
    # Beside a copied database they may be the true ones, and all private files are to be deleted.
    if place != str(settings.DATA_DIR) and not any(word in place.lower() for word in _COPY):
        sentence = _(
            "The files lie in “%(name)s”, which does not look like a copy: its name would hold "
            "“copy”. Nothing was done. Set SUITE_FILES to a folder or bucket of the copy."
        )
        raise Refusal(
            "no_copy_of_files", sentence % {"name": urlsplit(place)._replace(query="").geturl()}
        )


def _rename_people() -> int:
    """Move the codes out of the way first, so that no made-up code meets a true one;
    then the new ones.
    """
    real = User.objects.filter(is_sample=False)
    had = dict(real.values_list("pk", "phone"))
    mail = set(real.exclude(email=None).values_list("pk", flat=True))
    passing = Concat(Value("~"), Cast(F("pk"), CharField()))
    real.update(staff_code=passing, phone=None, email=None)
    number = 0
    for people in _chunks(real):
        for person in people:
            number += 1
            person.full_name = made_up_name(pk=person.pk, sex=person.sex)
            person.staff_code = made_up_code(pk=person.pk)
            person.phone = made_up_phone(number=number) if had[person.pk] else None
            person.email = made_up_email(pk=person.pk) if person.pk in mail else None
            person.year_of_birth = made_up_year(pk=person.pk, year=person.year_of_birth)
            person.password = make_password(None)
        User.objects.bulk_update(people, with_derived(people, _OF_PEOPLE), batch_size=200)
    return number


def _rewrite(data: PersonalData) -> None:
    model, rule = data.model, data.copy
    rows = model._base_manager.all()
    names = [*rule.emptied, *rule.replaced]
    for chunk in _chunks(rows.select_related(*rule.related) if rule.related else rows):
        for row in chunk:
            # Each is worked out from what stood there before.
            values = {name: make(row) for name, make in rule.replaced.items()}
            values |= {name: _nothing(model._meta.get_field(name)) for name in rule.emptied}
            for name, value in values.items():
                setattr(row, name, value)
        model._base_manager.bulk_update(chunk, with_derived(chunk, names), batch_size=200)


def _nothing(column: Any) -> Any:
    return None if column.null else ""


def _chunks(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        last = chunk[-1].pk
        yield chunk


def _files_to_go() -> Iterator[tuple[Storage, str]]:
    """Yield files of rows that go and of columns that are emptied."""
    for data in personal_data:
        for column in text_columns(data.model):
            if isinstance(column, models.FileField) and (
                data.copy.removed or column.name in data.copy.emptied
            ):
                stored = data.model._base_manager.exclude(**{column.name: ""})
                names = stored.values_list(column.name, flat=True)
                yield from ((column.storage, name) for name in names if name)


def _clear_files(files: Iterable[tuple[Storage, str]]) -> None:
    """Delete those, and all that lies in private, row or none: papers, sheets, lists;
    mails and SMS.
    """
    for storage, name in files:
        storage.delete(name)
    _clear_storage(storages["private"])
    for folder in ("avatar_images", "wagtail_uploads"):
        _clear_storage(default_storage, folder)
    for sent in (getattr(settings, "EMAIL_FILE_PATH", None), settings.SUITE_SMS_FOLDER):
        if sent:
            shutil.rmtree(sent, ignore_errors=True)


def _clear_storage(storage: Storage, folder: str = "") -> None:
    with suppress(FileNotFoundError):
        folders, names = storage.listdir(folder)
        for name in names:
            storage.delete(f"{folder}/{name}" if folder else name)
        for inner in folders:
            _clear_storage(storage, f"{folder}/{inner}" if folder else inner)
