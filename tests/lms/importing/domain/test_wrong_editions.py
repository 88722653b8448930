"""A list of an edition that is wrong is told so at its row and cell."""

import pytest

from lms.core.refusal import Refusal
from lms.geography.models import BoundaryEdition, UnitSuccession
from lms.importing.domain.confirming import ask_to_confirm
from tests.factories.boundaries import (
    EMPTY,
    NEW,
    commune,
    errors,
    new_rows,
    rehearse,
    spoilt,
    warnings,
)
from tests.factories.geography import unit
from tests.factories.importing import outcomes, write

# --- What is wrong, at its row and cell ------------------------------------------------


NEEDED = "Bản địa giới mới cần có nội dung này, ghi ít nhất ở một dòng."
SPOILT = [
    (spoilt(3, above="399"), "13387", "parent_code", "Đơn vị cấp trên 399 không có trong tệp."),
    (spoilt(3, above=""), "13387", "parent_code", "Đơn vị cấp trên – không có trong tệp."),
    (
        spoilt(3, above="13384"),
        "13387",
        "parent_code",
        "Đơn vị cấp trên 13384 lại ở cấp “Xã, phường, thị trấn”.",
    ),
    (spoilt(0, above="350"), "35", "parent_code", "Tỉnh không có đơn vị cấp trên."),
    (
        spoilt(3, level="Thôn"),
        "13387",
        "level",
        "“Thôn” không phải là một trong các cấp: "
        "Tỉnh; Huyện, thị xã, thành phố; Xã, phường, thị trấn.",
    ),
    (spoilt(3, level=""), "13387", "level", EMPTY),
    (spoilt(3, name=""), "13387", "name", EMPTY),
    (spoilt(3, kind="", level="Cấp xã"), "13387", "kind", EMPTY),
    (spoilt(3, name="Ú" * 101), "13387", "name", "Nội dung quá dài: tối đa 100 ký tự."),
    (
        [*spoilt(4, name="L" * 90)[:5], commune("13591", "Đ" * 90, "353", whole="13591; 13588")],
        "13591",
        "name",
        "Nội dung quá dài: tối đa 150 ký tự.",
    ),
    (
        spoilt(3, whole="13999"),
        "13387",
        "whole_from",
        "Đơn vị 13999 không có trong bản địa giới 2013-07-24.",
    ),
    (
        spoilt(3, part="13591"),
        "13591",
        "whole_from",
        "Đơn vị 13591 đã chuyển toàn bộ nên không thể có hai đơn vị kế thừa.",
    ),
    (spoilt(3, part="13387"), "13387", "part_from", "Dòng kế thừa này đã có ở dòng 5."),
    (
        spoilt(4, whole="353"),
        "353",
        "whole_from",
        "Chỉ ghi kế thừa cho cấp xã: huyện và tỉnh đi theo các xã của mình.",
    ),
    (
        spoilt(3, whole="xã cũ"),
        "13387",
        "whole_from",
        "“xã” không phải mã đơn vị: hãy ghi các mã cách nhau bằng dấu “;”.",
    ),
    (spoilt(0, communes="4"), "35", "communes", "Ghi là 4 đơn vị, nhưng thực có 3."),
    (spoilt(0, communes="ba"), "35", "communes", "“ba” không phải là số đơn vị."),
    (spoilt(0, districts=""), "35", "districts", NEEDED),
    (spoilt(0, basis=""), "35", "legal_basis", NEEDED),
    (
        spoilt(0, to="31/12/2019"),
        "35",
        "valid_to",
        "Ngày kết thúc của bản địa giới đứng trước ngày bắt đầu.",
    ),
    (
        spoilt(0, **{"from": "24/07/2013"}),
        "35",
        "valid_from",
        "Bản địa giới mới phải bắt đầu sau bản mới nhất đã có, hiệu lực từ 24/07/2013.",
    ),
    (
        spoilt(3, edition="2025-01-01"),
        "13387",
        "edition",
        "Mỗi danh sách chỉ gồm một bản địa giới, danh sách này là của bản 2020-01-01.",
    ),
    (spoilt(0, edition="0" * 21), "35", "edition", "Nội dung quá dài: tối đa 20 ký tự."),
    (
        spoilt(3, basis="Nghị quyết 830"),
        "13387",
        "legal_basis",
        "Dòng khác trong danh sách ghi: Nghị quyết 829.",
    ),
    (
        spoilt(3, **{"from": "02/01/2020"}),
        "13387",
        "valid_from",
        "Dòng khác trong danh sách ghi: 01/01/2020.",
    ),
]


@pytest.mark.parametrize(("rows", "code", "cell", "sentence"), SPOILT)
def test_error_stands_at_its_row_and_cell_and_nothing_can_be_written(
    administrator, rows, code, cell, sentence
):
    batch = rehearse(*rows, by=administrator)

    assert sentence in errors(batch)[code][cell], errors(batch)
    with pytest.raises(Refusal) as refused:
        ask_to_confirm(batch=batch)
    assert refused.value.code in ("not_whole", "nothing_to_write")
    assert BoundaryEdition.objects.count() == 1


def test_one_wrong_row_is_the_only_error_of_the_list(administrator):
    batch = rehearse(*spoilt(3, whole="13999"), by=administrator)

    assert outcomes(batch) == ["new", "new", "new", "error", "new", "new"]


def test_code_that_stands_twice_is_told_at_the_second_row(administrator):
    batch = rehearse(*spoilt(3, code="13384"), by=administrator)

    wrong = batch.rows.exclude(errors={}).get()
    assert wrong.number == 5
    assert wrong.errors["code"] == ["Mã 13384 đã có ở dòng 4."]


def test_row_without_a_code_is_told(administrator):
    batch = rehearse(*spoilt(3, code=""), by=administrator)

    assert errors(batch)[5]["code"] == [EMPTY]


def test_half_an_edition_is_no_edition(administrator):
    batch = rehearse(*new_rows()[:3], by=administrator)

    assert errors(batch) == {
        "35": {
            "districts": ["Ghi là 2 đơn vị, nhưng thực có 1."],
            "communes": ["Ghi là 3 đơn vị, nhưng thực có 1."],
        }
    }
    assert warnings(batch)["35"] == {
        "edition": [
            "3 đơn vị cấp xã của bản trước không chuyển sang đơn vị nào trong danh sách: "
            "13387, 13588, 13591."
        ]
    }


def test_list_without_its_province_is_refused(administrator):
    _province, *rows = new_rows()
    rows[0] |= {"from": "01/01/2020", "basis": "NQ", "districts": "2", "communes": "3"}

    batch = rehearse(*rows, by=administrator)

    above = {"parent_code": ["Đơn vị cấp trên 35 không có trong tệp."]}
    one = {"level": ["Một bản địa giới có đúng một tỉnh; danh sách này có 0."]}
    assert errors(batch) == {"350": above | one, "353": above}


def test_two_provinces_are_refused(administrator):
    rows = [*new_rows(), {"level": "Tỉnh", "code": "37", "kind": "tỉnh", "name": "Ninh Bình"}]

    batch = rehearse(*rows, by=administrator)

    assert errors(batch)["35"]["level"] == [
        "Một bản địa giới có đúng một tỉnh; danh sách này có 2."
    ]


def test_former_units_need_an_edition_before(root):
    batch = rehearse(*new_rows(), by=root)

    assert errors(batch)["13384"] == {"whole_from": ["Trước bản này không có bản địa giới nào."]}


def test_list_that_names_no_edition_is_refused(administrator):
    batch = rehearse(*new_rows(), by=administrator, edition="")

    assert errors(batch)["35"]["edition"] == ["Hãy ghi mã bản địa giới, ví dụ 2025-07-01."]


def test_edition_whose_code_is_no_day_needs_its_first_day(administrator):
    rows = new_rows()
    del rows[0]["from"]

    batch = rehearse(*rows, by=administrator, edition="NQ-829")

    assert errors(batch) == {"35": {"valid_from": [NEEDED]}}


def test_commune_without_a_former_unit_can_be_written_and_is_pointed_out(administrator):
    rows = spoilt(3, whole="")

    batch = write(rehearse(*rows, by=administrator))

    assert warnings(batch)["13387"] == {
        "whole_from": ["Chưa ghi đơn vị tiền thân: không có gì được chuyển sang đơn vị này."]
    }
    assert not unit("13387", NEW).predecessors.exists()


def test_commune_that_was_split_is_written_in_parts(administrator):
    rows = new_rows()
    rows[3] |= {"whole": "13387", "part": "13591"}
    rows[5] |= {"whole": "13588", "part": "13591"}

    write(rehearse(*rows, by=administrator))

    parts = UnitSuccession.objects.filter(extent="part")
    assert sorted(parts.values_list("from_unit__code", "to_unit__code")) == [
        ("13591", "13387"),
        ("13591", "13591"),
    ]
