"""The page of the admin on which an editor sets the own language and appearance."""

from wagtail.users.models import UserProfile

from tests.factories.accounts import browse
from tests.reading import html_of

PAGE = "/quan-tri/account/"


def test_language_is_saved_without_a_first_and_a_last_name_that_nobody_is_asked_for(coordinator):
    client = browse(coordinator)
    answer = client.post(
        PAGE,
        {
            "locale-preferred_language": "en",
            "theme-theme": "dark",
            "theme-density": "default",
            "theme-contrast": "system",
        },
    )
    page = html_of(client.get(PAGE))

    assert answer.status_code == 302
    assert UserProfile.objects.get(user=coordinator).preferred_language == "en"
    assert 'name="locale-preferred_language"' in page
    assert "name_email-" not in page
    assert "avatar-" not in page
