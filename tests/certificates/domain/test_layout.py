from datetime import date

import pytest

from certificates.domain.layout import compose_paper, hours_text, official_date, title_lines
from tests.reading import numbers


@pytest.fixture
def facts(certificate):
    return {**certificate.facts, "minutes": 720, "verify_url": "https://a.example/xac-minh/7K3M/"}


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2014, 2, 5), "ngày 05 tháng 02 năm 2014"),
        (date(2014, 1, 31), "ngày 31 tháng 01 năm 2014"),
        (date(2014, 3, 9), "ngày 09 tháng 3 năm 2014"),
        (date(2014, 12, 10), "ngày 10 tháng 12 năm 2014"),
    ],
)
def test_official_date_has_noughts_where_the_decree_wants_them(day, text):
    assert official_date(day) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(720, "12 giờ"), (690, "11 giờ 30 phút"), (45, "45 phút"), (60, "1 giờ")],
)
def test_hours_text_never_breaks_over_two_lines(minutes, text):
    assert hours_text(minutes) == text.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "Giấy chứng nhận hoàn thành khoá tập huấn",
            ["GIẤY CHỨNG NHẬN", "HOÀN THÀNH KHOÁ TẬP HUẤN"],
        ),
        ("Giấy chứng nhận", ["GIẤY CHỨNG NHẬN"]),
        ("Giấy chứng nhận tham dự\nlớp tập huấn", ["GIẤY CHỨNG NHẬN THAM DỰ", "LỚP TẬP HUẤN"]),
        ("Giấy xác nhận", ["GIẤY XÁC NHẬN"]),
    ],
)
def test_title_lines(title, lines):
    assert title_lines(title) == lines


def test_paper_says_the_facts(facts):
    paper = compose_paper(facts=facts)

    assert paper["parent"] == "UỶ BAN NHÂN DÂN TỈNH HÀ NAM"
    assert paper["issuer"] == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert paper["name"] == "Nguyễn Thị Hương"
    assert paper["details"] == [
        f"Sinh năm 1985  ·  {facts['cadre']}",
        "xã Đức Lý, huyện Lý Nhân, tỉnh Hà Nam",
    ]
    assert numbers(paper["delivery"]) == [1, 6, 5, 2014, 7, 5, 2014, 12]
    # The figure and its unit stay on one line.
    assert "12\N{NO-BREAK SPACE}" in paper["delivery"]
    assert paper["place_date"] == "Hà Nam, ngày 08 tháng 5 năm 2014"
    assert paper["signer_position"] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert paper["document_title"].endswith(" 1/2014/GCN-SLĐTBXH")
    assert paper["address"] == "a.example/xac-minh"
    assert paper["sample"] == "BẢN MẪU - DỮ LIỆU MINH HOẠ"


def test_paper_leaves_out_what_is_not_known_or_does_not_belong_there(facts):
    def composed(**changes):
        return compose_paper(facts=facts | changes)

    assert composed(is_sample=False)["sample"] == ""
    short = composed(year_of_birth=None, minutes=None, ends_on=facts["starts_on"])
    assert short["details"][0] == facts["cadre"]
    assert numbers(short["delivery"]) == [1, 6, 5, 2014]
    # The province is not named twice.
    assert composed(unit="tỉnh Hà Nam")["details"][1] == "tỉnh Hà Nam"
    assert composed(name="Nguyễn\x01 Thị\u200b Hương")["name"] == "Nguyễn Thị Hương"
