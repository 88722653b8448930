"""What `manage.py check` says about the language."""

from django.core.checks import run_checks

from lms.core.checks import check_language


def ids(messages):
    return [message.id for message in messages]


def test_suite_as_it_stands_is_in_order():
    assert run_checks(tags=["suite"]) == []


def test_suite_must_speak_vietnamese(settings):
    settings.LANGUAGE_CODE = "en"

    assert ids(check_language()) == ["suite.E004"]


def test_missing_catalogue_is_named(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    for code, names in (("en", ["django.po", "django.mo"]), ("vi", ["django.po"])):
        folder = tmp_path / "locale" / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).touch()

    messages = check_language()

    assert ids(messages) == ["suite.W005"]
    assert messages[0].msg == (
        "Message catalogues are not compiled: locale/vi/LC_MESSAGES/django.mo."
    )
