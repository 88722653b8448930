"""What a file turns out to be, and the refusal of one that is no list."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core.refusal import Refusal


class FileKind(models.TextChoices):
    """The files that can be read; decided by what they hold, not by their name."""

    XLSX = "xlsx", _("Excel workbook (XLSX)")
    XLS = "xls", _("Excel workbook of 97–2003 (XLS)")
    ODS = "ods", _("OpenDocument spreadsheet (ODS)")
    CSV = "csv", _("text table with commas or semicolons (CSV)")
    TSV = "tsv", _("text table with tabs (TSV)")
    HTML = "html", _("table of a web page (HTML)")


class ForeignKind(models.TextChoices):
    """What people send by mistake, or to do harm, under the name of a list."""

    PDF = "pdf", _("PDF document")
    PICTURE = "picture", _("picture")
    PROGRAM = "program", _("program")
    WORD = "word", _("Word document")
    SLIDES = "slides", _("presentation")
    BINARY_WORKBOOK = "binary_workbook", _("binary workbook (XLSB)")
    WEB_PAGE = "web_page", _("web page (HTML or XML)")
    RICH_TEXT = "rich_text", _("rich text (RTF)")
    PACKED = "packed", _("packed folder (ZIP, RAR or 7z)")
    UNKNOWN = "unknown", _("file of an unknown kind")


def refuse_foreign(kind: ForeignKind) -> Refusal:
    return Refusal(
        "not_a_list",
        gettext(
            "This file is not a list but a %(kind)s. Please send the list as XLSX, XLS, ODS, CSV "
            "or TSV."
        )
        % {"kind": kind.label},
    )


def refuse_damaged() -> Refusal:
    return Refusal(
        "damaged",
        gettext(
            "The file is damaged and cannot be read. Please open it in Excel, save it again as "
            "XLSX and send the new file."
        ),
    )


def refuse_encrypted() -> Refusal:
    return Refusal(
        "encrypted",
        gettext(
            "The file is locked with a password. Please save it without a password and send it again."
        ),
    )


def refuse_macros() -> Refusal:
    return Refusal(
        "macros",
        gettext(
            "The file contains macros (small programs), which are not accepted. Please save it "
            "as XLSX without macros and send it again."
        ),
    )
