"""What a lesson is made of, as it reaches the phone."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture

from courses.blocks import LessonBodyBlock
from courses.models import CourseDocument as Document
from courses.models import CourseImage as Image

pytestmark = pytest.mark.django_db


def rendered(kind, value):
    block = LessonBodyBlock()
    stream = block.to_python([{"type": kind, "value": value, "id": "1"}])
    return str(stream[0].render())


@pytest.fixture
def document():
    return Document.objects.create(
        title="Mẫu ghi chép", file=ContentFile(b"x" * 2048, name="mau-ghi-chep.pdf")
    )


@pytest.fixture
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
        {"file": document.pk, "title": "Cách ghi chép", "length": "3 phút", "transcript": "Lời"},
    )

    assert html.strip().startswith("<details")
    assert " open" not in html
    assert 'preload="none"' in html
    assert "autoplay" not in html
    assert "Video, 3 phút" in html
    assert "Lời trong video" in html


def test_document_says_its_kind_and_size(document):
    html = rendered("document", {"document": document.pk, "description": "Để in ra"})

    assert "Mẫu ghi chép" in html
    assert "Để in ra · PDF, 2,0 KB" in html.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("tone", "shown"), [("info", "info"), ("warning", "warning"), ("remember", "success")]
)
def test_callout_has_the_colour_of_its_tone(tone, shown):
    html = rendered("callout", {"tone": tone, "title": "Nhớ", "text": "Dòng một\n\nDòng hai"})

    assert f'class="alert tone-{shown}"' in html
    assert html.count("<p>") == 2


def test_self_check_hides_its_answer_until_the_tap():
    html = rendered("self_check", {"question": "Số nào?", "answer": "111"})

    assert html.index("Số nào?") < html.index("</summary>") < html.index("111")
