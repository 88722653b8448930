"""One component for one thing: no page writes its markup by hand, none lies about unused."""

import re
from datetime import date

from django.utils.translation import override

from tests.lms.design.conftest import component
from tests.lms.design.test_templates import ROOT, TEMPLATES

COMPONENTS = [path for path in TEMPLATES if path.parent.name == "components"]
# What only the component of that name may write.
MARKUP = {
    "breadcrumb": r'class="breadcrumb\b',
    "pager": r'class="pager\b',
    "pagination": r'class="pagination\b',
    "search": r'class="search\b[^>]*role="search"|class="input"[^>]*type="search"',
    "segmented": r'class="segmented\b',
    "tabs": r'class="tabs\b',
}


def written_by_hand(name, source):
    return [part for part, markup in MARKUP.items() if part != name and re.search(markup, source)]


def test_markup_of_a_component_stands_in_the_component_alone():
    found = {
        str(path.relative_to(ROOT)): parts
        for path in TEMPLATES
        if (parts := written_by_hand(path.stem, path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_markup_by_hand_is_noticed():
    source = '<nav class="tabs"></nav><input class="input" id="q" type="search">'
    assert written_by_hand("my_work", source) == ["search", "tabs"]


def test_component_is_used_outside_the_style_guide():
    named = {
        name
        for path in TEMPLATES
        if path.name != "styleguide.html"
        for name in re.findall(r"lms/components/(\w+)\.html", path.read_text(encoding="utf-8"))
        if name != path.stem
    }
    drawn = {
        name
        for path in (ROOT / "lms").rglob("*.py")
        for name in re.findall(r"lms/components/(\w+)\.html", path.read_text(encoding="utf-8"))
    }
    assert {path.stem for path in COMPONENTS if path.parent.parent.name == "lms"} == named | drawn


def test_breadcrumb_of_one_and_of_several_steps_and_a_pager_with_neither_way():
    html = component("breadcrumb", label="Lớp <1>", url="/lop/1/")
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', html) == [("/lop/1/", "Lớp &lt;1&gt;")]
    trail = [{"label": "Hà Nam", "url": "/a/"}, {"label": "Kim Bảng", "url": "/b/"}]
    html = component("breadcrumb", items=trail)
    assert re.findall(r'<a href="([^"]+)"', html) == ["/a/", "/b/"]
    assert component("pager", label="Bài học").strip() == ""


def test_search_keeps_the_filter_and_inside_a_form_sends_that_form():
    html = component("search", label="Tìm", value="Mẫu", keep_name="status", keep_value="late")
    assert '<input type="hidden" name="status" value="late">' in html
    assert 'name="q" value="Mẫu"' in html
    bare = component("search", label="Tìm", keep_name="status", keep_value="")
    assert 'type="hidden"' not in bare
    inside = component("search", label="Tìm", is_inside=True)
    assert "<form" not in inside
    assert 'type="submit" name="action" value="search" formnovalidate' in inside


def test_day_of_a_calendar_leaf_fits_into_it_in_english():
    with override("en"):
        leaf = component("date_block", date=date(2026, 11, 4))

    assert ">Wed<" in leaf
