"""The page of the admin on which an editor sets the own language and appearance."""

from wagtail.users.models import UserProfile

from tests.factories.accounts import browse
from tests.reading import html_of

PAGE = "/quan-tri/account/"


def test_language_is_saved_without_a_first_and_a_last_name(coordinator):
    answer = browse(coordinator).post(
        PAGE,
        {
            "locale-preferred_language": "en",
            "theme-theme": "dark",
            "theme-density": "default",
            "theme-contrast": "system",
        },
    )

    assert answer.status_code == 302
    assert UserProfile.objects.get(user=coordinator).preferred_language == "en"


def test_account_page_asks_neither_for_names_nor_for_a_picture(coordinator):
    page = html_of(browse(coordinator).get(PAGE))

    assert 'name="locale-preferred_language"' in page
    assert "name_email-" not in page
    assert "avatar-" not in page
