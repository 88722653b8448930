"""Made-up people: put together from parts of common names, the same for the same record and key.

What is drawn depends on SECRET_KEY: whoever has not the key cannot work back from a copy.
"""

from typing import Final

from django.utils.crypto import salted_hmac

from lms.accounts.enums import Sex

_FAMILY: Final = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Đinh",
    "Trịnh",
    "Phan",
]
_MIDDLE: Final = {
    Sex.FEMALE: ("Thị", "Thị Thu", "Thị Thanh", "Thị Kim", "Thị Ngọc", "Thị Mai"),
    Sex.MALE: ("Văn", "Đức", "Hữu", "Xuân", "Quang", "Minh", "Công", "Đình", "Trọng"),
}
_GIVEN: Final = {
    Sex.FEMALE: [
        "An",
        "Anh",
        "Bích",
        "Chi",
        "Cúc",
        "Dung",
        "Duyên",
        "Đào",
        "Giang",
        "Hà",
        "Hạnh",
        "Hằng",
        "Hiền",
        "Hoa",
        "Huệ",
        "Hương",
        "Lan",
        "Liên",
        "Loan",
        "Mai",
        "Nga",
        "Ngọc",
        "Nhung",
        "Oanh",
        "Phương",
        "Quyên",
        "Sen",
        "Thảo",
        "Thuỷ",
        "Trang",
        "Tuyết",
        "Vân",
        "Xuân",
        "Yến",
    ],
    Sex.MALE: [
        "An",
        "Bắc",
        "Bình",
        "Chiến",
        "Cường",
        "Dũng",
        "Dương",
        "Đạt",
        "Đông",
        "Hải",
        "Hậu",
        "Hiếu",
        "Hoà",
        "Hùng",
        "Huy",
        "Khánh",
        "Kiên",
        "Lâm",
        "Long",
        "Lực",
        "Nam",
        "Nghĩa",
        "Phong",
        "Phúc",
        "Quân",
        "Sơn",
        "Tâm",
        "Thành",
        "Thắng",
        "Tiến",
        "Toàn",
        "Trung",
        "Tuấn",
        "Việt",
    ],
}
_SHIFTS: Final = (-3, -2, -1, 1, 2, 3)
# Beyond the numbers of the made-up people of a trial (0900 000 001 and on).
_FIRST_NUMBER: Final = 500_000


def made_up_name(*, pk: int, sex: str) -> str:
    number = _draw("name", pk)
    number, kind = divmod(number, 2)
    chosen = Sex(sex) if sex else tuple(Sex)[kind]
    parts = []
    for choices in (_FAMILY, _MIDDLE[chosen], _GIVEN[chosen]):
        number, place = divmod(number, len(choices))
        parts.append(choices[place])
    return " ".join(parts)


def made_up_year(*, pk: int, year: int | None) -> int | None:
    """Make up a year one to three years off."""
    return None if year is None else year + _SHIFTS[_draw("year", pk) % len(_SHIFTS)]


def made_up_code(*, pk: int) -> str:
    return f"MS{pk:06d}"


def made_up_phone(*, number: int) -> str:
    """Return the number-th of a row that is given to nobody twice."""
    return f"+8490{_FIRST_NUMBER + number:07d}"


def made_up_email(*, pk: int) -> str:
    """Make up an address in a domain that no mail server has."""
    return f"nguoi-{pk}@mau.example"


def _draw(what: str, pk: int) -> int:
    return int.from_bytes(
        salted_hmac(f"accounts.pseudonym.{what}", str(pk), algorithm="sha256").digest()
    )
