"""The site as an app on a phone."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

from lms.core.models import change_site_details
from tests.factories.courses import make_course
from tests.reading import html_of

pytestmark = pytest.mark.django_db


def test_manifest_is_the_same_for_everybody_with_the_name_of_the_site_and_its_icons(client):
    make_course()
    change_site_details(name="Tập huấn tỉnh Hà Nam")
    client.cookies["django_language"] = "en"

    answer = client.get("/manifest.webmanifest")

    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert "Cookie" not in answer.get("Vary", "")
    assert (told["name"], told["lang"]) == ("Tập huấn tỉnh Hà Nam", "vi")
    assert told["start_url"] == reverse("courses:my_work")

    icons = told["icons"]
    purposes = {(icon["purpose"], icon["sizes"]) for icon in icons if "purpose" in icon}
    assert purposes >= {("any", "192x192"), ("any", "512x512"), ("maskable", "512x512")}
    for icon in icons:
        name = re.sub(r"^.*static/", "", icon["src"])
        if icon["type"] == "image/png":
            content = Path(finders.find(name)).read_bytes()
            width, height = Image.open(BytesIO(content)).size
            assert icon["sizes"] == f"{width}x{height}"
            assert len(content) < 20_000
        else:
            assert finders.find(name)


def test_each_page_names_the_manifest(client):
    body = html_of(client.get(reverse("account_login")))

    assert '<link rel="manifest" href="/manifest.webmanifest">' in body
