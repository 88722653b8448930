"""One's own profile, and the transcript of others, as page and as file."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import PostingFactory, browse, log_in
from tests.factories.geography import unit
from tests.reading import html_of

pytestmark = pytest.mark.django_db

PROFILE = "/ho-so/"
OWN_FILE = "/ho-so/qua-trinh-hoc-tap.pdf"


def test_profile_tells_who_one_is_and_what_one_has_learned(enrolment, run):
    PostingFactory(user=enrolment.user, unit=unit("13384"))

    body = html_of(browse(enrolment.user).get(PROFILE))

    assert enrolment.user.staff_code in body
    assert str(unit("13384")) in body
    assert run.title in body
    assert f'href="{OWN_FILE}"' in body
    assert f'href="{reverse("own_correction")}"' in body


def test_profile_of_who_is_in_no_class_says_so(as_stranger):
    context = as_stranger.get(PROFILE).context

    assert (context["lines"], context["transcript"].is_whole) == ([], True)


@pytest.mark.parametrize("own", [True, False])
def test_file_is_a_pdf_and_leaves_a_trace(enrolment, own):
    client = browse(enrolment.user) if own else log_in(Role.COORDINATOR, "350")
    address = OWN_FILE if own else reverse("courses:transcript_file", args=[enrolment.user_id])

    response = client.get(address)

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    entry = ModelLogEntry.objects.get(action=EXPORT_ACTION)
    assert entry.data["filters"] == {"person": enrolment.user.staff_code}
    assert (entry.data["list"], entry.data["format"], entry.data["rows"]) == (
        "qua-trinh-hoc-tap",
        "pdf",
        1,
    )


@pytest.mark.parametrize("name", ["transcript", "transcript_file"])
def test_transcript_of_whom_one_may_not_see_is_not_found(enrolment, as_stranger, name):
    address = reverse(f"courses:{name}", args=[enrolment.user_id])

    assert as_stranger.get(address).status_code == 404
    assert log_in(Role.COORDINATOR, "353").get(address).status_code == 404
    assert log_in(Role.COORDINATOR, "350").get(address).status_code == 200
    assert not ModelLogEntry.objects.filter(action=EXPORT_ACTION, user=enrolment.user).exists()
