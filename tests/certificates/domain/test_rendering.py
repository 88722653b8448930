import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from certificates.domain.rendering import render_file, render_pdf
from certificates.models import Certificate, private_storage
from tests.certificates import draw_ornament

LONG = "Nghiêng " * 40


def read(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    # A line may be broken where it is too long for the paper.
    return " ".join(reader.pages[0].extract_text().split())


def test_paper_can_be_read_by_a_machine(certificate):
    pdf = render_pdf(facts=certificate.facts)
    text = read(pdf)

    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "GIẤY CHỨNG NHẬN",
        "HOÀN THÀNH KHOÁ TẬP HUẤN",
        "Nguyễn Thị Hương",
        "xã Đức Lý, huyện Lý Nhân, tỉnh Hà Nam",
        "Dự án 2",
        "Lớp tập huấn số 1, từ ngày 06/05/2014 đến ngày 07/05/2014",
        "Hà Nam, ngày 08 tháng 5 năm 2014",
        "PHÓ GIÁM ĐỐC",
        "Trần Văn Mẫu",
        "Số vào sổ: 1/2014/GCN-SLĐTBXH",
        "BẢN MẪU - DỮ LIỆU MINH HOẠ",
    ):
        assert words in text
    assert "chứng chỉ" not in text.lower()
    # One A4 sheet with a title and a language, of the same bytes each time.
    reader = PdfReader(io.BytesIO(pdf))
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    assert reader.metadata.title.endswith(" 1/2014/GCN-SLĐTBXH")
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("vi")
    assert render_pdf(facts=certificate.facts) == pdf


def test_short_facts_of_a_real_person_do_and_have_no_sample_notice(certificate):
    short = {"title": "Giấy xác nhận", "signer_name": "", "name": "A", "is_sample": False}

    text = read(render_pdf(facts=certificate.facts | short))

    assert "GIẤY XÁC NHẬN" in text
    assert "BẢN MẪU" not in text


def test_longest_texts_stay_on_one_sheet(certificate):
    facts = {
        **certificate.facts,
        "name": LONG[:150],
        "cadre": LONG[:40],
        "unit": LONG[:150],
        "course": LONG[:255],
        "run_title": LONG[:200],
        "minutes": 719,
        "issuer_parent": LONG[:150],
        "issuer_name": LONG[:150],
        "place": LONG[:100],
        "title": "Giấy chứng nhận " + LONG[:130],
        "signer_position": "\n".join([LONG[:36]] * 4),
        "signer_name": LONG[:100],
    }

    assert read(render_pdf(facts=facts)).count("Nghiêng") > 80


@pytest.mark.parametrize(
    "name", ["#eval(1) *x* [b] $a$", '\\ " // @c', "<script>alert(1)</script>", "= Trần - Văn"]
)
def test_facts_are_never_markup(certificate, name):
    assert name in read(render_pdf(facts={**certificate.facts, "name": name}))


def test_letter_that_the_fonts_lack_still_gives_a_paper(certificate, caplog):
    text = read(render_pdf(facts={**certificate.facts, "name": "Nguyễn 阮 Hương"}))

    assert "Hương" in text
    assert "keeps to no PDF standard" in caplog.text


def test_two_threads_may_render_at_once(certificate):
    with ThreadPoolExecutor(2) as pool:
        papers = set(pool.map(lambda _n: render_pdf(facts=certificate.facts), range(6)))

    assert len(papers) == 1


def test_file_is_stored_with_its_fingerprint_over_that_of_a_killed_worker(certificate):
    stored = render_file(certificate_id=certificate.pk)

    with stored.file.open("rb") as file:
        pdf = file.read()
    assert stored.sha256 == hashlib.sha256(pdf).hexdigest()
    assert pdf == render_pdf(facts=certificate.facts)
    assert stored.file.name == f"certificates/2014/{certificate.key}.pdf"

    Certificate.objects.update(file="", sha256="")
    path = private_storage().path(stored.file.name)
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"%PDF half of it")
    again = render_file(certificate_id=certificate.pk)
    assert (again.file.name, again.sha256) == (stored.file.name, stored.sha256)
    assert private_storage().size(again.file.name) > 10_000


def test_file_is_rendered_once(certificate, django_assert_num_queries):
    first = render_file(certificate_id=certificate.pk)

    with django_assert_num_queries(1):
        again = render_file(certificate_id=certificate.pk)

    assert (again.file.name, again.sha256) == (first.file.name, first.sha256)


def test_file_that_another_worker_stored_meanwhile_is_kept(certificate, monkeypatch):
    def render_while_another_does(*, facts):
        monkeypatch.undo()
        render_file(certificate_id=certificate.pk)
        return b"late"

    monkeypatch.setattr("certificates.domain.rendering.render_pdf", render_while_another_does)

    stored = render_file(certificate_id=certificate.pk)

    assert stored.sha256 == hashlib.sha256(render_pdf(facts=certificate.facts)).hexdigest()


def test_ornament_is_what_its_source_draws():
    assert draw_ornament.TARGET.read_text(encoding="utf-8") == draw_ornament.draw()
