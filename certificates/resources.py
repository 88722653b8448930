"""Templates of certificates, as a list that comes in and goes out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from certificates.enums import DECIDING_ROLES
from certificates.models import MOST_MONTHS, CertificateTemplate
from courses.models import CoursePage
from lms.core.requests import read_number
from lms.core.text import fold, nfc
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import ImportColumn, SheetRow
from lms.spreadsheets.model_rows import ModelRows

_YES = ("co", "x", "1", "dung", "yes", "true", "dang dung")
_NO = ("khong", "0", "sai", "no", "false", "ngung dung")
_BETWEEN_LINES = " | "


class TextWidget(Widget):
    """Text as it is stored."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return nfc(value)


class LinesWidget(Widget):
    """Several lines, of which a cell of a list has one: “KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC”."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return "\n".join(line for part in value.split("|") if (line := nfc(part)))

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return _BETWEEN_LINES.join((value or "").splitlines())


class MonthsWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        months = read_number(value)
        if months is None or not 1 <= months <= MOST_MONTHS:
            raise ValueError(
                _("“%(text)s” is not a number of months from 1 to %(most)s.")
                % {"text": value, "most": MOST_MONTHS}
            )
        return months

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class YesNoWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        words = fold(value)
        if words not in (*_YES, *_NO):
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": value})
        return words in _YES

    def render(self, value: bool | None, obj: Any = None, **kwargs: Any) -> str:
        return {True: _("Yes"), False: _("No")}.get(value, "")  # type: ignore[arg-type]


class CourseWidget(TextWidget):
    """The code of a course on the way in, the course in the register."""

    def render(self, value: CoursePage | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code or value.title if value else ""


class TemplateResource(ModelRows):
    """A template that the list leaves out stays; what was issued keeps its own wording."""

    model = CertificateTemplate
    told_apart_by = ("name",)

    name = ImportColumn(
        "name",
        gettext_lazy("Name"),
        aliases=("Tên mẫu", "Mẫu", "Mẫu giấy chứng nhận"),
        required=True,
        widget=TextWidget(),
    )
    course = ImportColumn(
        "course",
        gettext_lazy("Course"),
        aliases=("Mã khóa học", "Mã khoá học", "Khóa học", "Khoá học"),
        widget=CourseWidget(),
    )
    issuer_parent = ImportColumn(
        "issuer_parent",
        gettext_lazy("Issuer's superior body"),
        aliases=("Cơ quan cấp trên", "Cơ quan chủ quản"),
        widget=TextWidget(),
    )
    issuer_name = ImportColumn(
        "issuer_name",
        gettext_lazy("Issuer"),
        aliases=("Cơ quan cấp", "Đơn vị cấp"),
        widget=TextWidget(),
    )
    issuer_code = ImportColumn(
        "issuer_code",
        gettext_lazy("Issuer's register code"),
        aliases=("Ký hiệu", "Mã sổ", "Ký hiệu cơ quan cấp"),
        widget=TextWidget(),
    )
    place = ImportColumn(
        "place",
        gettext_lazy("Place of issue"),
        aliases=("Địa danh", "Địa điểm cấp"),
        widget=TextWidget(),
    )
    title = ImportColumn(
        "title",
        gettext_lazy("Title on the certificate"),
        aliases=("Tiêu đề", "Tên giấy", "Tên giấy chứng nhận"),
        widget=TextWidget(),
    )
    signer_position = ImportColumn(
        "signer_position",
        gettext_lazy("Signer's position"),
        aliases=("Chức vụ người ký",),
        widget=LinesWidget(),
    )
    signer_name = ImportColumn(
        "signer_name",
        gettext_lazy("Signer's name"),
        aliases=("Họ tên người ký", "Người ký"),
        widget=TextWidget(),
    )
    valid_months = ImportColumn(
        "valid_months",
        gettext_lazy("Valid for (months)"),
        aliases=("Hiệu lực (tháng)", "Thời hạn (tháng)", "Số tháng có giá trị"),
        widget=MonthsWidget(),
    )
    is_active = ImportColumn(
        "is_active",
        gettext_lazy("In use"),
        aliases=("Đang dùng", "Sử dụng"),
        widget=YesNoWidget(),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        #: The template in use by course, None for all other courses; those of the list as they come.
        self._in_use: dict[int | None, str] = {}
        self._twice: set[str] = set()

    def load(self, rows: Sequence[SheetRow]) -> None:
        if self._known is None:
            known = list(self.known())
            self._in_use = {one.course_id: one.name for one in known if one.is_active}
            named = Counter(one.name.lower() for one in known)
            self._twice = {name for name, count in named.items() if count > 1}
        super().load(rows)

    def look_up(self, rows: Sequence[SheetRow]) -> None:
        courses = _by_code_or_title(CoursePage.objects.all())
        for row in rows:
            self.put(
                row,
                "course",
                courses,
                "unknown_course",
                _("Please give the code of one of the courses."),
            )
            if row.values.get("name", "").lower() in self._twice:
                row.refuse(
                    "name",
                    "several_templates",
                    _("Several templates have this name: rename one of them first."),
                )

    def init_instance(self, row: Any = None) -> CertificateTemplate:
        # A wording goes into use when the list says so.
        return CertificateTemplate(is_active=False)

    def check(
        self, row: SheetRow, record: CertificateTemplate, original: CertificateTemplate
    ) -> None:
        super().check(row, record, original)
        in_use = self._in_use.get(record.course_id, record.name)
        if not row.errors and record.is_active and in_use != record.name:
            row.refuse(
                "is_active",
                "in_use",
                _("“%(name)s” is in use for this course: take that one out of use first.")
                % {"name": in_use},
            )

    def claim(self, row: SheetRow, record: CertificateTemplate) -> None:
        super().claim(row, record)
        if record.is_active:
            self._in_use[record.course_id] = record.name


def _by_code_or_title(courses: Iterable[CoursePage]) -> dict[str, CoursePage]:
    """Return courses by code and by title in small letters; a title that several have means none."""
    known = list(courses)
    titles = Counter(one.title.lower() for one in known)
    by_title = {one.title.lower(): one for one in known if titles[one.title.lower()] == 1}
    return by_title | {one.code.lower(): one for one in known if one.code}


TEMPLATES = ImportKind(
    key="certificate_templates",
    label=gettext_lazy("Certificate templates"),
    order=310,
    help=gettext_lazy(
        "One row for each template: its name and its wording; lines of the signer's position are "
        "parted by “|”. Templates with a known name are changed, a template that the list leaves "
        "out stays, and certificates that were issued keep their wording. The map chosen below "
        "does not matter."
    ),
    roles=DECIDING_ROLES,
    resource_class=TemplateResource,
    on_a_map=False,
    examples=(
        {
            "name": "Mẫu chung",
            "issuer_parent": "UBND TỈNH HÀ NAM",
            "issuer_name": "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
            "issuer_code": "SLĐTBXH",
            "place": "Hà Nam",
            "title": "Giấy chứng nhận hoàn thành khoá tập huấn",
            "signer_position": "KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC",
            "is_active": "Có",
        },
        {
            "name": "Mẫu cho khoá trực tuyến",
            "course": "khoa-mau",
            "issuer_parent": "UBND TỈNH HÀ NAM",
            "issuer_name": "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
            "issuer_code": "SLĐTBXH",
            "place": "Hà Nam",
            "title": "Giấy chứng nhận hoàn thành khoá trực tuyến",
            "signer_position": "GIÁM ĐỐC",
            "is_active": "Không",
        },
    ),
)
