"""The catalogue tool: what it finds, what it keeps, and what it refuses."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from lms.catalogues import messages
from lms.catalogues.__main__ import main
from lms.catalogues.messages import (
    Root,
    check_clashes,
    check_root,
    extract_root,
    placeholders,
    problems_of,
    update_root,
)

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext

# Translators: shown above the list of classes.
TITLE = _("Classes")
LONG = _("A sentence that goes over "
         "two lines.")
COUNT = ngettext("%(count)d class", "%(count)d classes", 2)
MONTH = pgettext("month name", "May")
PLACES = npgettext("free seats", "%d place", "%d places", 2)
PLAIN = "never translated"
"""
TEMPLATE = """
{% load i18n %}
  <p>{% translate "Continue" as label %}{{ label }}</p>
<p>{% translate "May" context "verb" %} it's {{ value|default:_("Not yet") }}</p>
{% blocktranslate trimmed with name=person.name %}
    Welcome,
    {{ name }}!
{% endblocktranslate %}
{% blocktranslate count counter=list|length %}One lesson{% plural %}{{ counter }} lessons{% endblocktranslate %}
{% include "x.html" with title=_("My classes") %}
{# Translators: 100 % of the hours. #}
{% translate "100% attended" %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Root:
    folder = tmp_path / "courses"
    (folder / "templates" / "courses").mkdir(parents=True)
    (folder / "views.py").write_text(PYTHON, encoding="utf-8")
    (folder / "templates" / "courses" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return Root("courses", tmp_path)


def translate(root: Root) -> None:
    """Fill in every Vietnamese string, with the placeholders of its id."""
    path = root.catalogue_path()
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale="vi")
    for message in catalogue:
        if message.id:
            last = message.id[-1] if message.pluralizable else message.id
            message.string = (last,) if message.pluralizable else last
    path.write_text(messages.render(catalogue, root), encoding="utf-8")


def test_extract_python_and_template_messages_with_the_translators_comment(root):
    extracted = extract_root(root)
    found = {(message.id, message.context) for message in extracted if message.id}

    comments = ["Translators: shown above the list of classes."]
    assert extracted["Classes"].auto_comments == comments
    assert found == {
        ("Classes", None),
        ("A sentence that goes over two lines.", None),
        (("%(count)d class", "%(count)d classes"), None),
        ("May", "month name"),
        (("%d place", "%d places"), "free seats"),
        ("Continue", None),
        ("May", "verb"),
        ("Not yet", None),
        ("Welcome, %(name)s!", None),
        (("One lesson", "%(counter)s lessons"), None),
        ("My classes", None),
        ("100%% attended", None),
    }


def test_extract_of_the_host_leaves_the_apps_below_it_out(tmp_path):
    for folder, text in (("lms", "Host"), ("lms/core", "Core")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "apps.py").write_text(f"_('{text}')", encoding="utf-8")

    ids = [
        [message.id for message in extract_root(Root(name, tmp_path)) if message.id]
        for name in ("lms", "lms/core")
    ]

    assert ids == [["Host"], ["Core"]]


def test_update_writes_and_compiles_the_vietnamese_and_no_english(root):
    update_root(root)

    written = {path.relative_to(root.folder).as_posix() for path in root.folder.rglob("*.?o")}
    assert written == {"locale/vi/LC_MESSAGES/django.po", "locale/vi/LC_MESSAGES/django.mo"}


def test_update_twice_changes_nothing(root):
    update_root(root)
    translate(root)
    update_root(root)
    before = {path: path.read_bytes() for path in root.folder.rglob("*.?o")}

    update_root(root)

    assert {path: path.read_bytes() for path in root.folder.rglob("*.?o")} == before


def test_update_keeps_translations_and_drops_obsolete_ones(root):
    update_root(root)
    path = root.catalogue_path()
    text = path.read_text(encoding="utf-8").replace(
        'msgid "Classes"\nmsgstr ""', '# chosen with DOLISA\nmsgid "Classes"\nmsgstr "Lớp"'
    )
    path.write_text(text + '\nmsgid "Gone"\nmsgstr "Đã bỏ"\n', encoding="utf-8")

    update_root(root)

    kept = read_po(io.BytesIO(path.read_bytes()), locale="vi")
    assert kept["Classes"].string == "Lớp"
    assert kept["Classes"].user_comments == ["chosen with DOLISA"]
    assert "Gone" not in kept
    assert "Gone" not in path.read_text(encoding="utf-8")


def test_catalogue_stays_the_same_when_a_module_moves(root):
    update_root(root)
    before = root.catalogue_path().read_text(encoding="utf-8")

    (root.folder / "views.py").rename(root.folder / "pages.py")
    update_root(root)

    after = root.catalogue_path().read_text(encoding="utf-8")
    assert after == before
    assert "POT-Creation-Date" not in after
    assert "#. Translators: shown above the list of classes.\n" in after


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Continue", "Continue", ""),
        ('msgstr "Continue"', 'msgstr ""', '"Continue" has no translation'),
        ('msgid "Continue"', '#, fuzzy\nmsgid "Continue"', '"Continue" is marked fuzzy'),
        (
            'msgstr "Welcome, %(name)s!"',
            'msgstr "Chào %(ten)s!"',
            "\"Welcome, %(name)s!\" has the placeholders ['ten'] instead of ['name']",
        ),
    ],
    ids=["complete", "missing translation", "fuzzy", "wrong placeholder"],
)
def test_check_names_what_is_wrong_with_an_entry(root, old, new, fault):
    update_root(root)
    translate(root)
    path = root.catalogue_path()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    found = [f"courses/locale/vi/LC_MESSAGES/django.po: {fault}"] if fault else []
    assert list(check_root(root)) == found


@pytest.mark.parametrize(
    ("string", "problem"),
    [
        ("<b>Lưu", "has the tags ['<b>'] instead of ['</b>', '<b>']"),
        ("<b>Lưu</b> ", "has the edges ('', ' ') instead of ('', '')"),
    ],
)
def test_problems_of_tags_and_white_space(string, problem):
    assert list(problems_of(Message("<b>Save</b>", string))) == [problem]


def test_placeholder_may_be_left_out_when_a_comment_says_why():
    message = Message("%(count)s %(what)s", "%(count)s", user_comments=["leaves out what: …"])

    assert list(problems_of(message)) == []


def test_check_names_a_catalogue_that_lacks_an_id(root):
    update_root(root)
    translate(root)
    (root.folder / "models.py").write_text("_('New sentence.')", encoding="utf-8")

    assert list(check_root(root)) == [
        "courses/locale/vi/LC_MESSAGES/django.po: not up to date, run `make messages`",
        'courses/locale/vi/LC_MESSAGES/django.po: "New sentence." has no translation',
    ]


def test_root_without_messages_has_no_catalogue(tmp_path):
    (tmp_path / "courses").mkdir()
    root = Root("courses", tmp_path)

    update_root(root)

    assert not root.catalogue_path().exists()
    assert list(check_root(root)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 % done", []),
        ("%(name)s has %(count)d", ["count", "name"]),
        ("%s of %d, 100%%", ["%d", "%s"]),
        ("{unit} in {0}", ["{0}", "{unit}"]),
    ],
)
def test_placeholders(text, expected):
    assert placeholders(text) == expected


def test_unknown_root_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["nowhere"])

    assert "no such root: nowhere" in capsys.readouterr().err


def test_check_names_an_id_that_two_apps_translate_differently(tmp_path):
    roots = [Root("courses", tmp_path), Root("attendance", tmp_path)]
    for root, word in zip(roots, ("loại câu hỏi", "loại"), strict=True):
        path = root.catalogue_path()
        path.parent.mkdir(parents=True)
        path.write_text(f'msgid "kind"\nmsgstr "{word}"\n', encoding="utf-8")
    assert list(check_clashes(roots)) == [
        '"kind" is "loại câu hỏi" in courses and "loại" in attendance'
    ]
