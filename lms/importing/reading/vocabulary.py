"""The words of the lists that offices keep: headings in all their spellings, totals, signatures."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from lms.core.text import fold, nfc

# Headings that mean the same, the first of them as it is spelled out; folded, without signs.
_SPELLINGS = {
    "so thu tu": ("stt", "tt", "so tt", "no"),
    "ho va ten": (
        "ho ten",
        "hoten",
        "ho va ten hoc vien",
        "ho ten hoc vien",
        "ho ten ctv",
        "ho va ten ctv",
        "ho ten cong tac vien",
        "ho va ten cong tac vien",
        "stt ho ten",
        "stt ho va ten",
        "ho va ten can bo",
        "ho va ten nguoi tham du",
        "ten hoc vien",
        "hvt",
        "full name",
    ),
    "ho ten dem": (
        "ho va ten dem",
        "ho dem",
        "ho va dem",
        "ho chu dem",
        "ho va chu dem",
        "ho lot",
        "ho va ten lot",
        "ho chu lot",
        "ho va chu lot",
    ),
    "ten dem": ("dem", "chu dem", "ten lot", "chu lot", "lot", "middle name"),
    "ten": ("ten rieng", "ten goi", "given name"),
    "ngay thang nam sinh": ("ngay sinh", "ntns", "ngay thang sinh", "sinh ngay", "date of birth"),
    "nam sinh": (
        "sinh nam",
        "ns",
        "ngay sinh nam",
        "ngay thang nam sinh nam",
        "year of birth",
    ),
    "gioi tinh": ("gioi", "gt", "phai", "nam nu", "gioi tinh nam nu", "sex"),
    "so dien thoai": (
        "sdt",
        "so dt",
        "đt",
        "dien thoai",
        "so dien thoai lien he",
        "so dt lien he",
        "sdt lien he",
        "dt lien he",
        "dien thoai lien he",
        "di dong",
        "dtdd",
        "so dtdd",
        "sdt di dong",
        "so di dong",
        "dien thoai di dong",
        "tel",
        "phone",
    ),
    "don vi": (
        "don vi cong tac",
        "noi cong tac",
        "noi lam viec",
        "dia chi cong tac",
        "co quan",
        "don vi cong tac hien nay",
        "dvct",
        "dia ban",
        "dia ban phu trach",
    ),
    "xa phuong": (
        "xa",
        "phuong",
        "xa phuong thi tran",
        "xa thi tran",
        "xa tt",
        "ten xa",
        "ten xa phuong thi tran",
        "x p tt",
        "don vi xa",
        "xa cong tac",
        "xa dang cong tac",
        "xa phuong cong tac",
        "thon xa",
        "commune",
    ),
    "quan huyen": ("huyen", "huyen thanh pho", "huyen tp", "huyen thi xa thanh pho", "district"),
    "thon xom": ("thon", "xom", "thon xom to dan pho", "to dan pho", "thon to dan pho", "village"),
    "chuc vu": (
        *("cv", "chuc vu cong tac", "chuc vu hien nay"),
        *("chuc vu dam nhiem", "chuc vu dang dam nhiem", "chuc vu duoc giao"),
    ),
    "chuc danh": ("chuc danh cong tac", "chuc danh nghe nghiep"),
    "ma can bo": ("ma so can bo", "ma cb", "ma nhan vien", "ma so", "staff code"),
    "thu dien tu": ("email", "e mail", "dia chi email", "hop thu", "hop thu dien tu"),
    "dia chi": ("d c", "cho o", "noi o", "cho o hien nay", "address"),
    # Rows of units hold “Xã” and “Huyện” in their cells: the heading has to have more such words.
    "ma ban dia gioi": ("ban dia gioi", "phien ban dia gioi"),
    "hieu luc tu ngay": ("co hieu luc tu ngay",),
    "hieu luc den ngay": ("co hieu luc den ngay",),
    "can cu phap ly": (),
    "cap don vi": ("cap hanh chinh",),
    "ma don vi": ("ma don vi hanh chinh",),
    "loai don vi": (),
    "ten don vi": ("ten don vi hanh chinh",),
    "ma don vi cap tren": ("ma cap tren",),
    "nhap toan bo tu ma": ("nhap toan bo tu",),
    "nhap mot phan tu ma": ("nhap mot phan tu",),
    "ghi chu": ("chu thich", "note", "notes"),
}
_SPELLED_OUT = {
    spelling: heading
    for heading, spellings in _SPELLINGS.items()
    for spelling in (heading, *spellings)
}
RUNNING_NUMBER = "so thu tu"
# Longer texts are none of these; a hostile one would also keep the patterns busy for minutes.
_LONGEST = 200
# Without their marks these are other words as well: Nam (male), DT (dân tộc, ethnic group).
_NEED_MARKS = {"nam": "năm", "dt": "đt"}

# The tone tells Tổng (total) from the family name Tống.
_TOTAL = re.compile(
    r"(tổng|cộng|tổng cộng|tổng số|tổng cộng chung|tong cong|tong so)[ :.]*\d*[ :.]*"
    r"|(tổng cộng|tổng số|cộng)( \(.*\))?[ ]*:.*"
    r"|(tổng cộng|tổng số|cộng) (có |là )?\d.*"
    r"|(tổng|cộng|tổng số|tổng cộng|số)( (học viên|người|lượt))? (có mặt|vắng|tham dự|tham gia|dự học)\b.*"
    r"|(tổng )?cộng (xã|phường|thị trấn|huyện|tt|thôn|xóm|tổ|nhóm|mục|phần)\b.*\d.*"
    r"|(tổng )?cộng (trang|sang trang|dồn|mang sang|chuyển sang)\b.*|(chuyển|mang) sang( trang)?\b.*"
    r"|trong đó[ :.].*|trong đó"
    r"|\(?(ấn định )?danh sách (này |trên )?(có|gồm)\b.*\d.*"
)
_SIGNATURE = re.compile(
    r"(người )?lập (biểu|bảng|danh sách)\b.*|người (lập|tổng hợp|kê khai|báo cáo)\b.*"
    r"|(phó )?thủ trưởng( cơ quan| đơn vị)?\b.*|xác nhận (của|cua)\b.*|nơi nhận\b.*"
    r"|(tm|t/m|kt|k/t|tl|t/l|tuq|q)\. ?\S.*|đại diện\b.*"
    r"|\(? ?ký\b.*|.*\b(ký|kí),? (tên|ghi rõ|và ghi)\b.*|\(?đã ký\)?"
    r"|(phó )?(chủ tịch|giám đốc|trưởng phòng|hiệu trưởng|trưởng ban|kế toán( trưởng)?)"
    r"( ubnd.*| uỷ ban.*| ủy ban.*)?"
    r"|(.{2,40}, ?)?ngày ?[\d.… ]* ?tháng ?[\d.… ]* ?năm ?[\d.… ]*"
    r"|- ?(như trên|lưu)\b.*"
    r"|giảng viên|báo cáo viên|lớp trưởng|chủ nhiệm lớp|(đại diện )?ban tổ chức"
)
_LETTERHEAD = re.compile(
    r"cộng ho(à|a|ồ)? ?.*xã hội chủ nghĩa.*|cộng hòa .*|độc lập ?[-–] ?tự do.*|(mẫu|biểu|phụ lục)( số)?\b.*"
)


@lru_cache(maxsize=5_000)
def heading(label: str) -> str:
    """Return the heading folded, without signs and remarks in brackets,
    its abbreviations spelled out.

    "SĐT" and "Số ĐT" both give "so dien thoai"; "" says that the label alone means nothing.
    """
    if len(label) > _LONGEST:
        return ""
    plain = plain_words(re.sub(r"\([^)]*\)", " ", label)) or plain_words(label)
    if plain in _NEED_MARKS:
        marked = _NEED_MARKS[plain]
        return _SPELLED_OUT.get(marked, marked) if marked in _lowered(label) else ""
    return _SPELLED_OUT.get(plain, plain)


def plain_words(text: str) -> str:
    """Return folded letters and digits in words; all other signs are spaces."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def is_known(label: str) -> bool:
    return heading(label) in _SPELLINGS


def is_person_label(label: str) -> bool:
    """Return whether a column with this heading names people."""
    return heading(label.rsplit(" / ", 1)[-1]) in {"ho va ten", "ho ten dem"}


def is_place_label(label: str) -> bool:
    """Return whether a column with this heading names units."""
    return heading(label.rsplit(" / ", 1)[-1]) in {"xa phuong", "quan huyen", "don vi"}


def is_total(text: str) -> bool:
    return _is(_TOTAL, text)


def is_signature(text: str) -> bool:
    return _is(_SIGNATURE, text)


def is_letterhead(texts: Iterable[str]) -> bool:
    """Return whether one of the texts is a line of an official paper's head."""
    return any(_is(_LETTERHEAD, text) for text in texts)


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST and bool(pattern.fullmatch(_lowered(text)))


def _lowered(text: str) -> str:
    return nfc(unicodedata.normalize("NFC", text).lower())
