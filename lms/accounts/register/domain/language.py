"""In which language a person is written to: kept where Wagtail keeps the language of its admin."""

from django.conf import settings
from wagtail.users.models import UserProfile

from lms.accounts.models import User


def language_of(person: User) -> str:
    """Return the language that the person chose, else that of the suite.

    A query unless the person was read with `wagtail_userprofile`.
    """
    profile: UserProfile | None = getattr(person, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def choose_language(*, person: User, language: str) -> None:
    """Keep the language of this person; of one that the suite does not speak nothing is kept."""
    if language in dict(settings.LANGUAGES):
        UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": language})
