"""Rules that every template keeps."""

import re
from pathlib import Path

from django.conf import settings

from lms.design.templatetags.ui import icon

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "lms" / "design" / "static" / "lms"
SPRITE = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "img" / "icons.svg").read_text()))
TEMPLATES = sorted(
    path
    for folder in ("lms", "courses", "attendance", "certificates")
    for path in (ROOT / folder).rglob("templates/**/*.html")
)


def prints_a_localised_key(template):
    return [
        output
        for output in re.findall(r"\{\{(.*?)\}\}", template)
        if re.search(r"(\.|_)pk\b|(?<!auto)_id\b", output.partition("|")[0])
        and "unlocalize" not in output
    ]


def found_in(templates, search):
    """What `search` finds in each of the templates, with its path."""
    return [
        (str(path.relative_to(ROOT)), finding)
        for path in templates
        for finding in search(path.read_text(encoding="utf-8"))
    ]


def test_keys_are_printed_without_a_dot_for_thousands():
    """A form that sends back "1.018" names nobody."""
    assert found_in(TEMPLATES, prints_a_localised_key) == []


def test_localised_key_is_noticed():
    text = "{{ option.pk|unlocalize }} {{ field.auto_id }} {{ option.pk }} {{ last_mark_id|add:1 }}"
    assert prints_a_localised_key(text) == [" option.pk ", " last_mark_id|add:1 "]


# Pages inside Wagtail's admin name its icons.
OWN_TEMPLATES = [path for path in TEMPLATES if {"admin", "importing"}.isdisjoint(path.parts)]


def unknown_icons(source):
    named = re.findall(r'{% icon "([^"]+)"|\bicon(?:_end)?="([^"]+)"', source)
    return [
        name
        for name in (first or second for first, second in named)
        if f"#{name}" in icon(name) and name not in SPRITE
    ]


def test_templates_name_only_icons_that_exist():
    assert found_in(OWN_TEMPLATES, unknown_icons) == []


def test_unknown_icon_is_noticed():
    assert unknown_icons('{% icon "check" %} {% icon "checkk" %} icon_end="no"') == ["checkk", "no"]


# --- what the Content-Security-Policy will refuse -------------------------------


def inline_code(source):
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", source)
    return [
        *re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", source),
        *(tag for tag in scripts if "application/json" not in tag),
    ]


def test_templates_have_no_inline_style_or_script():
    # What is read in a mailbox has nothing else, and no policy of ours.
    pages = [one for one in TEMPLATES if one.parent.name != "mail"]
    assert found_in(pages, inline_code) == []


def test_inline_code_is_noticed():
    source = """<p style="x" onclick="y"> <script> <script src="z"> <script type="application/json">
        {% comment %}<style>{% endcomment %} <a href="javascript:x"> <style>"""

    assert inline_code(source) == [" style=", " onclick=", "javascript:", "<style", "<script>"]
