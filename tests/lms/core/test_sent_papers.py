"""What is kept of a photo from a phone, and what is no paper at all."""

import io
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lms.core import sent_papers
from lms.core.refusal import Refusal
from lms.core.sent_papers import LONGEST_SIDE, read_paper

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def photo(kind="JPEG", size=(3000, 1500), *, with_place=False):
    picture, drawn = Image.new("RGB", size, "white"), io.BytesIO()
    exif = Image.Exif()
    if with_place:
        exif[ORIENTATION], exif[MAKE] = 6, "Máy của tôi"
        exif.get_ifd(GPS).update({1: "N", 2: (20.0, 32.0, 11.0)})
    picture.save(drawn, kind, exif=exif)
    return drawn.getvalue()


def read(data, name="giấy khám bệnh Trần Văn An.jpg"):
    return read_paper(SimpleUploadedFile(name, data), field="paper")


def refused(data):
    with pytest.raises(Refusal) as caught:
        read(data)
    assert caught.value.field == "paper"
    return caught.value.code


def test_photo_stands_upright_is_small_and_tells_neither_place_nor_phone():
    sent = photo(with_place=True)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    kept = read(sent)

    picture = Image.open(kept)
    assert picture.format == "JPEG"
    assert picture.size == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert not dict(picture.getexif())
    assert "exif" not in picture.info
    assert "Trần" not in kept.name


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_other_kinds_become_the_same_kind(kind):
    assert Image.open(read(photo(kind, (40, 30)))).format == "JPEG"


def test_pdf_is_known_by_its_content_and_kept_as_it_is():
    kept = read(PDF, name="don.jpg")
    assert kept.name.endswith(".pdf")
    assert kept.read() == PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "paper_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "paper_kind"),
        (b"MZ" + bytes(200), "paper_kind"),
        (PDF[:20], "paper_damaged"),
        (photo()[:9000], "paper_damaged"),
        (b"%PDF-" + bytes(sent_papers.MAX_BYTES), "paper_too_large"),
    ],
)
def test_what_is_no_paper_is_told_so(data, code):
    assert refused(data) == code


@pytest.mark.parametrize("side", [9_000, 30_000])
def test_small_file_that_claims_a_huge_picture_is_not_opened(side):
    data = bytearray(photo("BMP", (10, 10)))
    data[18:26] = struct.pack("<ii", side, side)
    assert refused(bytes(data)) == "paper_too_large"
