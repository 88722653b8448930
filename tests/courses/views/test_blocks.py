"""What a lesson is made of, as it reaches the phone."""

import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks import AudioBlock, LessonBodyBlock, VideoBlock
from courses.enums import CalloutTone
from courses.models import CourseDocument as Document
from courses.models import CourseImage as Image
from courses.models import LessonPage
from tests.reading import html_of
from tests.shared import shared

pytestmark = pytest.mark.django_db


def rendered(kind, value):
    block = LessonBodyBlock()
    stream = block.to_python([{"type": kind, "value": value, "id": "1"}])
    return str(stream[0].render())


@shared
def document():
    return Document.objects.create(
        title="Mẫu ghi chép", file=ContentFile(b"x" * 2048, name="mau-ghi-chep.pdf")
    )


@shared
def image():
    buffer = BytesIO()
    Picture.new("RGB", (900, 600), "teal").save(buffer, "PNG")
    return Image.objects.create(title="anh", file=ContentFile(buffer.getvalue(), name="anh.png"))


def test_text_keeps_its_headings_unwrapped():
    assert rendered("text", "<h2>Mục</h2><p>Chữ</p>").strip() == "<h2>Mục</h2><p>Chữ</p>"


# Wagtail leaves the temporary files of the renditions to the collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_figure_offers_small_pictures_with_alternative_text(image):
    html = rendered(
        "figure",
        {
            "image": {"image": image.pk, "alt_text": "Buổi học ở xã", "decorative": False},
            "caption": "Lớp học",
        },
    )

    assert 'alt="Buổi học ở xã"' in html
    assert 'loading="lazy"' in html
    assert [f"{width}w" in html for width in (320, 480, 720)] == [True, True, True]
    assert ".webp" in html
    assert "<figcaption>Lớp học</figcaption>" in html


def test_video_asks_for_nothing_before_the_tap(document):
    html = rendered(
        "video",
        {"file": document.pk, "title": "Cách ghi", "length": "3 phút", "transcript": "Lời nói"},
    )

    assert html.strip().startswith("<details")
    assert " open" not in html
    assert 'preload="none"' in html
    assert "autoplay" not in html
    assert "Video, 3 phút" in html
    assert "<p>Lời nói</p>" in html


def test_document_says_its_kind_and_size(document):
    html = rendered("document", {"document": document.pk, "description": "Để in ra"})

    assert "Mẫu ghi chép" in html
    assert "Để in ra · PDF, 2,0 KB" in html.replace("\xa0", " ")


def test_callout_has_the_colour_of_its_tone():
    colours = {"info": "info", "warning": "warning", "remember": "success"}
    for tone in CalloutTone:
        value = {"tone": tone, "title": "Điều 51", "text": "Dòng một\n\nDòng hai"}
        html = rendered("callout", value)

        shown = re.search(r'class="alert tone-(info|warning|success)"', html)[1]
        assert shown == colours.get(tone, shown), tone
        assert html.count("<p>") == 2
        assert "Điều 51" in html


def test_self_check_hides_its_answer_until_the_tap():
    html = rendered("self_check", {"question": "Số nào?", "answer": "111"})

    assert html.index("Số nào?") < html.index("</summary>") < html.index("111")


def test_recording_asks_for_nothing_before_the_tap_and_can_be_read(document):
    value = {"file": document.pk, "title": "Lời kể", "length": "3 phút", "transcript": "Con sợ."}

    html = rendered("audio", value)

    assert 'preload="none"' in html
    assert "Con sợ." in html


# Wagtail leaves the temporary files of the renditions to the collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_video_shows_captions_and_a_still_picture(document, image):
    value = {
        "file": document.pk,
        "title": "Cách báo",
        "length": "2 phút",
        "transcript": "",
        "captions": document.pk,
        "poster": image.pk,
    }

    html = rendered("video", value)

    assert '<track kind="captions"' in html
    assert ".webp" in html


def test_number_to_call_is_tapped():
    html = rendered("contact", {"name": "Tổng đài", "phone": "0226 3 851-234", "note": ""})

    assert 'href="tel:02263851234"' in html
    assert "Gọi 0226 3 851-234" in html


@pytest.mark.parametrize(
    ("phone", "is_good"),
    [
        ("111", True),
        ("+84 226 3851234", True),
        ("0226.385.1234", True),
        ("gọi 111", False),
        ("1", False),
    ],
)
def test_number_to_call_is_a_number(phone, is_good):
    block = LessonBodyBlock().child_blocks["contact"].child_blocks["phone"]

    if is_good:
        assert block.clean(phone) == phone
    else:
        with pytest.raises(ValidationError):
            block.clean(phone)


def test_case_says_that_it_is_made_up():
    value = {"title": "Em H.", "story": "Nghỉ học.", "question": "Làm gì?", "answer": "Báo xã."}

    html = rendered("case", value)

    assert 'class="eyebrow"' in html
    assert "<details" in html


def test_sources_tell_who_reviewed_them_and_when():
    sources = [{"title": "Luật Trẻ em", "url": "https://vbpl.vn/x"}, {"title": "Sổ tay", "url": ""}]
    value = {"sources": sources, "reviewed_on": "2026-11-01", "reviewed_by": "Cô Hà"}

    html = rendered("sources", value)

    assert '<a href="https://vbpl.vn/x"' in html
    assert "01/11/2026" in html
    assert "Cô Hà" in html


def test_each_block_says_what_it_is_for_and_shows_an_example(as_trainer):
    blocks = LessonPage._meta.get_field("body").stream_block.child_blocks
    assert blocks.keys() == LessonBodyBlock().child_blocks.keys()
    address = reverse("wagtailadmin_block_preview")
    for name, block in blocks.items():
        assert str(block.get_description()), name
        assert block.is_previewable, name
        shown = as_trainer.get(address, {"id": block.definition_prefix})
        assert 'class="prose"' in html_of(shown), name


@pytest.mark.parametrize(
    ("block", "name", "wrong"),
    [
        (AudioBlock, "noi.mp3", set()),
        (AudioBlock, "giay.pdf", {"file"}),
        (VideoBlock, "phim.webm", {"captions"}),
        (VideoBlock, "noi.mp3", {"file", "captions"}),
    ],
)
def test_file_that_cannot_be_played_is_refused(document, block, name, wrong):
    file = Document.objects.create(title="Tệp", file=ContentFile(b"x", name=name))
    value = {"file": file.pk, "title": "T", "length": "3 phút", "transcript": "Lời"}
    if block is VideoBlock:
        value["captions"] = document.pk

    try:
        block().clean(block().to_python(value))
        found = set()
    except StructBlockValidationError as error:
        found = set(error.block_errors)

    assert found == wrong
