import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from lms.design.stylesheets import part_names, put_together, squeeze

SUITE = "lms/css/suite.css"


def read_source(name):
    return Path(finders.find(name)).read_text(encoding="utf-8")


def test_parts_stand_in_their_layers_and_in_order():
    files = {
        "a/all.css": (
            "@layer base, components;\n\n"
            '@import "parts/one.css" layer(base);\n'
            '@import "parts/two.css" layer(components);\n'
            '@import "parts/three.css" layer(components);\n'
        ),
        "a/parts/one.css": "p {\n  margin: 0;\n}\n",
        "a/parts/two.css": ".b {\n  color: red;\n}\n",
        "a/parts/three.css": ".c {\n  color: blue;\n}\n",
    }
    assert squeeze(put_together("a/all.css", files.__getitem__)) == (
        "@layer base, components;@layer base{p{margin:0}}"
        "@layer components{.b{color:red}.c{color:blue}}"
    )


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('url("../../img/a.svg")', 'url("../img/a.svg")'),
        ('url("b.svg")', 'url("parts/b.svg")'),
        ('url("/c.svg")', 'url("/c.svg")'),
        ('url("#d")', 'url("#d")'),
        ('url("data:image/png;base64,AA")', 'url("data:image/png;base64,AA")'),
    ],
)
def test_address_in_a_part_is_seen_from_the_whole(written, seen):
    files = {
        "a/css/all.css": '@import "parts/one.css" layer(base);\n',
        "a/css/parts/one.css": f".x {{ background: {written} }}\n",
    }
    assert seen in put_together("a/css/all.css", files.__getitem__)


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("/* Why:\n a; */\na {\n  color: red;\n}\n", "a{color:red}"),
        # The space before a colon is a descendant, not a gap.
        (".a :is(b, i) {\n  --x: y;\n}\n", ".a :is(b, i){--x:y}"),
        ("a:hover,\nb::after {\n  content: ': ';\n}\n", "a:hover,b::after{content:': '}"),
        ("a\n  b {\n  margin:\n    1px\n    2px;\n}\n", "a b{margin: 1px 2px}"),
        (
            "@media (min-width: 48rem) {\n  a {\n    top: 0;\n  }\n}\n",
            "@media (min-width: 48rem){a{top:0}}",
        ),
        ("a { color: red; top: 0 }\n", "a { color: red; top: 0 }"),
        ("a {\n  width: calc(1px + 2px) !important;\n}\n", "a{width:calc(1px + 2px) !important}"),
    ],
)
def test_squeezed_stylesheet_says_the_same(written, served):
    assert squeeze(written) == served


def test_every_part_of_the_suite_is_named_once():
    parts = part_names(SUITE, read_source(SUITE))
    folder = Path(finders.find(SUITE)).parent / "suite"
    assert sorted(parts) == sorted(f"lms/css/suite/{path.name}" for path in folder.iterdir())
    assert "@import" not in put_together(SUITE, read_source)


def test_suite_stays_under_30_kb():
    assert len(squeeze(put_together(SUITE, read_source)).encode()) < 30_000


@pytest.fixture
def gathered(settings, tmp_path):
    """The folder of the gathered files of a site with one stylesheet in two parts."""
    source = tmp_path / "source"
    for name, text in {
        "css/all.css": '@layer base;\n\n@import "all/one.css" layer(base);\n',
        "css/all/one.css": '/* Why. */\n.x {\n  background: url("../../img/a.svg");\n}\n',
        "img/a.svg": "<svg/>",
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    settings.STATIC_ROOT = tmp_path / "gathered"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "lms.design.stylesheets.GatheredStylesStorage"}
    }
    # Twice: what the first run took away must not trouble the second.
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    return settings.STATIC_ROOT


def test_gathered_stylesheet_is_whole_small_and_hashed_without_its_parts(gathered):
    assert list(gathered.glob("css/all/*")) == []
    hashed = [path for path in gathered.glob("css/*.css") if path.name != "all.css"]
    assert len(hashed) == 1
    assert re.fullmatch(r"all\.[0-9a-f]{12}\.css", hashed[0].name)
    assert re.fullmatch(
        r'@layer base;@layer base\{\.x\{background:url\("\.\./img/a\.[0-9a-f]{12}\.svg"\)\}\}',
        hashed[0].read_text(),
    )
