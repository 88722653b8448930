"""What the installed packages leave in English, and what the supplement is asked to say."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from lms.catalogues import installed
from lms.catalogues.installed import seen_messages, wanted, why_hidden
from lms.catalogues.messages import Supplement, check_root, update_root

ENGLISH = """
#: forms.py:3
msgid "Publish"
msgstr ""

#: forms.py:5
msgid "Unpublish"
msgstr ""

#: forms.py:8
msgctxt "verb"
msgid "Draft"
msgstr ""

#: apps.py:1
msgid "A package"
msgstr ""
"""
VIETNAMESE = """
msgid "Publish"
msgstr "Xuất bản"

#, fuzzy
msgid "Unpublish"
msgstr "Xuất bản"
"""


def write(folder: Path, locale: str, text: str) -> None:
    path = folder / "locale" / locale / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n{text}')


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """The only installed package; it brings both catalogues."""
    folder = tmp_path / "package"
    write(folder, "en", ENGLISH)
    write(folder, "vi", VIETNAMESE)
    monkeypatch.setattr(installed, "packages", lambda: [("package", folder)])
    return folder


def ids(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def test_wanted_is_what_the_package_does_not_say_and_what_is_reworded_but_not_what_is_gone(package):
    present = Catalog(locale="vi")
    present.add("Publish", "Đăng")
    present.add("Formerly", "Trước đây")
    missing = {(None, "Unpublish"), ("verb", "Draft")}

    assert ids(wanted("django", "vi", Catalog())) == missing
    assert ids(wanted("django", "vi", present)) == missing | {(None, "Publish")}


def test_message_is_left_out_unless_it_stands_in_a_file_that_somebody_sees(package):
    assert (None, "A package") not in ids(seen_messages("django"))

    path = package / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace("#: apps.py:1", "#: apps.py:1 forms.py:9"))

    assert (None, "A package") in ids(seen_messages("django"))


def test_package_without_english_catalogue_is_read_from_its_sources(package):
    (package / "locale" / "en" / "LC_MESSAGES" / "django.po").unlink()
    (package / "fields.py").write_text('_("Today")')
    (package / "templates").mkdir()
    (package / "templates" / "list.html").write_text('{% translate "Next" %}')

    assert ids(seen_messages("django")) == {(None, "Today"), (None, "Next")}
    assert ids(seen_messages("djangojs")) == set()


def test_first_pattern_that_fits_decides():
    assert why_hidden("allauth/account/forms.py") == ""
    assert why_hidden("allauth/mfa/forms.py") != ""


def test_packages_are_those_installed_and_none_of_ours():
    names = [name for name, _folder in installed.packages()]

    assert {"django", "wagtail", "wagtail/admin", "wagtail/users", "allauth"} <= set(names)
    assert not {"courses", "lms/core", "fixtures"} & set(names)


def test_supplement_is_brought_up_to_date_and_checked(package, tmp_path):
    supplement = Supplement("lms/vietnamese", tmp_path)

    update_root(supplement)

    name = "lms/vietnamese/locale/vi/LC_MESSAGES/django.po"
    assert sorted(check_root(supplement)) == [
        f'{name}: "Draft" has no translation',
        f'{name}: "Unpublish" has no translation',
    ]


def test_supplement_has_messages_of_its_own(package, tmp_path):
    supplement = Supplement("lms/vietnamese", tmp_path)
    supplement.folder.mkdir(parents=True)
    (supplement.folder / "wagtail_hooks.py").write_text('_("Link text")')

    assert [ids(template) for _path, template in supplement.templates()] == [
        {(None, "Link text"), (None, "Unpublish"), ("verb", "Draft")},
        set(),
    ]


def test_new_message_of_a_package_fails_the_check(package, tmp_path):
    supplement = Supplement("lms/vietnamese", tmp_path)
    update_root(supplement)
    path = package / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text() + '\n#: views.py:1\nmsgid "Brand new"\nmsgstr ""\n')

    faults = set(check_root(supplement))

    name = "lms/vietnamese/locale/vi/LC_MESSAGES/django.po"
    assert {
        f"{name}: not up to date, run `make messages`",
        f'{name}: "Brand new" has no translation',
    } <= faults
