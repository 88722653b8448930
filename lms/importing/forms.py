"""What is asked on the way: which file, which columns."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms import WagtailAdminModelForm

from lms.accounts.enums import SpellingKind
from lms.core.text import fold
from lms.geography.domain.place_texts import places_in
from lms.geography.models import BoundaryEdition
from lms.importing.domain.sheets import OpenedFile
from lms.importing.domain.uploading import receive, usual_edition
from lms.importing.extensions import ImportKind, import_kinds
from lms.importing.models import ImportBatch
from lms.importing.reading.mapping import Places, columns_of
from lms.spreadsheets.import_rows import ImportColumn

_TABLES = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt", ".html", ".htm")
_SAMPLES = 2
_LONGEST_SAMPLE = 24
_LONGEST_ONCE = 150


class UploadForm(WagtailAdminModelForm):
    """The file with what nobody can read from it: what list it is, who sent it, on which map."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in the list"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"),
        # The reading of files says it, as it does of one with nothing but blank lines.
        allow_empty_file=True,
        help_text=gettext_lazy(
            "XLSX, XLS, ODS, CSV or TSV, as the office sent it: title rows and totals may stay. "
            "Nothing is written until you have seen what would change."
        ),
        widget=forms.FileInput,
    )
    edition = forms.ModelChoiceField(
        label=gettext_lazy("Map"),
        queryset=BoundaryEdition.objects.all(),
        required=False,
        help_text=gettext_lazy("The communes and districts in the list are looked up on this map."),
    )

    class Meta:
        model = ImportBatch
        fields = ("kind", "file", "sender", "edition")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_kinds = [kind for kind in import_kinds if kind.is_open_to(self.for_user)]
        open_kinds.sort(key=lambda kind: kind.order)
        self.fields["kind"].choices = [
            (
                kind.key,
                format_html(
                    '<span><strong>{}</strong><br>{} <a class="tap" href="{}">{}</a></span>',
                    kind.label,
                    kind.help,
                    reverse("imports:blank", args=(kind.key,)),
                    _("Download an empty list"),
                ),
            )
            for kind in open_kinds
        ]
        if len(open_kinds) == 1:
            self.fields["kind"].initial = open_kinds[0].key
        endings = {end for kind in open_kinds for form in kind.text_forms for end in form.endings}
        self.fields["file"].widget.attrs["accept"] = ",".join([*_TABLES, *sorted(endings)])
        self.fields["edition"].initial = usual_edition(by=self.for_user)

    def _post_clean(self) -> None:
        """Leave the file to `receive`, which looks at it as a whole, once;
        fill in no instance before.
        """

    def save(self, commit: bool = True) -> ImportBatch:
        kind = import_kinds.get(self.cleaned_data["kind"])
        assert kind is not None  # noqa: S101 (one of the choices)
        file = self.cleaned_data["file"]
        self.instance = receive(
            file=file,
            name=file.name,
            kind=kind,
            sender=self.cleaned_data["sender"],
            edition=self.cleaned_data["edition"],
            by=self.for_user,
        )
        return self.instance


class MappingForm(forms.Form):
    """One choice of a column for each field of the list, or what all rows have in common."""

    def __init__(
        self,
        *args: Any,
        kind: ImportKind,
        opened: OpenedFile,
        suggested: dict[str, Places],
        once: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._fields = kind.fields
        choices = [("", _("not in the file")), *_column_choices(opened)]
        for field in kind.fields:
            places = columns_of(suggested.get(field.key, []))
            for number, name in enumerate(_names(field)):
                self.fields[name] = forms.TypedChoiceField(
                    label=_label(field, number),
                    choices=choices,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=places[number] if number < len(places) else "",
                    help_text=_help(field, number),
                )
            if field.common:
                self.fields[f"once_{field.key}"] = forms.CharField(
                    label=_("%(field)s, the same in all rows") % {"field": field.label},
                    max_length=_LONGEST_ONCE,
                    required=False,
                    initial=once.get(field.key, ""),
                    help_text=_("Only where no column of the file has it."),
                )

    @property
    def once(self) -> dict[str, str]:
        """Return what a person says of all rows, by field, of a valid form."""
        said = {field.key: self.cleaned_data.get(f"once_{field.key}", "") for field in self._fields}
        return {key: text for key, text in said.items() if text}

    @property
    def columns(self) -> dict[str, Places]:
        """Column by field, or the columns that are joined, of a valid form."""
        columns: dict[str, Places] = {}
        for field in self._fields:
            chosen = [self.cleaned_data[name] for name in _names(field)]
            places = [place for place in chosen if place is not None]
            if places:
                columns[field.key] = places if len(places) > 1 else places[0]
        return columns


class SpellingForm(forms.Form):
    """One choice for each spelling that nobody knows; none leaves its rows as they are."""

    def __init__(
        self,
        *args: Any,
        spellings: Sequence[dict[str, Any]],
        choices: dict[str, list[tuple[str, str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._spellings = {f"spelling_{place}": one for place, one in enumerate(spellings)}
        for name, one in self._spellings.items():
            self.fields[name] = forms.ChoiceField(
                label=f"“{one['text']}”",
                choices=[
                    ("", _("not answered yet")),
                    *_ordered(one, choices[one["kind"]]),
                ],
                required=False,
                help_text=ngettext("%(count)s row", "%(count)s rows", one["rows"])
                % {"count": number_format(one["rows"], force_grouping=True)},
            )

    @property
    def meanings(self) -> dict[tuple[str, str], str]:
        """The answers of a valid form, by kind and spelling."""
        return {
            (one["kind"], one["text"]): self.cleaned_data[name]
            for name, one in self._spellings.items()
            if self.cleaned_data[name]
        }


def _ordered(asked: dict[str, Any], choices: list[tuple[str, str]]) -> list[Any]:
    """Return the choices, units that are called nearly so before the others."""
    if asked["kind"] == SpellingKind.CADRE:
        return choices
    called: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        called.setdefault(_bare_name(choice[1]), []).append(choice)
    close = get_close_matches(_bare_name(asked["text"]), called, cutoff=0.5)
    similar = [choice for name in close for choice in called[name]]
    return [(_("Similar"), similar), (_("All"), choices)] if similar else choices


def _bare_name(text: str) -> str:
    """Return the first place of the text without its kind, else all of it, as it is searched by."""
    return next((place.name for place in places_in(text)), fold(text))


def _names(field: ImportColumn) -> list[str]:
    """Return the names of the choices for this field: one for each column it may take."""
    first = f"column_{field.key}"
    return [first, *(f"{first}_{number}" for number in range(2, field.most_columns + 1))]


def _label(field: ImportColumn, number: int) -> str:
    if number == 0:
        return str(field.label)
    return _("%(field)s, column %(number)d") % {"field": field.label, "number": number + 1}


def _help(field: ImportColumn, number: int) -> str:
    if number == 0:
        return _("Required.") if field.required else ""
    return _("Only where the file spreads it over several columns: they are joined in this order.")


def _column_choices(opened: OpenedFile) -> list[tuple[int, str]]:
    """Return the label of each column with two of its cells, so that one knows it again."""
    table = opened.table
    choices = []
    for place, label in enumerate(table.labels):
        cells = (str(row.cells[place]) for row in table.rows if row.cells[place] is not None)
        samples = [cell[:_LONGEST_SAMPLE] for cell, _n in zip(cells, range(_SAMPLES), strict=False)]
        if label or samples:
            shown = label or "–"
            choices.append((place, f"{shown} ({'; '.join(samples)})" if samples else shown))
    return choices
