import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from lms.core.display import percent, phone_local, vi_date, vi_number
from lms.design.pictures import Tile
from lms.design.styleguide import ICONS, styleguide_context
from lms.design.templatetags.ui import icon
from tests.lms.design.conftest import component
from tests.lms.design.test_templates import SPRITE, STATIC

TOKENS = (STATIC / "css" / "suite" / "tokens.css").read_text(encoding="utf-8")


# --- figures, dates, numbers as people write them -----------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234, "1.234"), (1234567.25, "1.234.567,3"), (1.5, "1,5"), (2.0, "2"), (-0.01, "0"),
        (100, "100"), (None, "–"), ("", "–"), ("XII", "XII"),
    ],
)  # fmt: skip
def test_vi_number_is_written_the_vietnamese_way(value, shown):
    assert vi_number(value) == shown


def test_vi_number_takes_more_places_when_asked_and_follows_the_language():
    assert vi_number(2.375, 2) == "2,38"
    with translation.override("en"):
        assert vi_number(1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1, 3, "33%"), (2, 3, "67%"), (0, 10, "0%"), (10, 10, "100%"), (318, 310, "103%"),
        (9999, 10000, "99%"), (1, 10000, "1%"), (3, 0, "–"), ("?", 10, "–"),
    ],
)  # fmt: skip
def test_percent_of_a_whole(part, whole, shown):
    assert percent(part, whole) == shown


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_percent_says_complete_only_when_nothing_is_missing(whole, part):
    shown = int(percent(part, whole).removesuffix("%"))
    assert (shown >= 100) == (part >= whole)
    assert (shown == 0) == (part == 0)


MOMENT = datetime(2026, 6, 4, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "how", "shown"),
    [
        ((MOMENT,), [], "05/06/2026"),
        ((MOMENT, "time"), [], "01:05 05/06/2026"),
        ((MOMENT, "hour"), [], "01:05"),
        ((MOMENT, "short"), [], "05/06"),
        ((date(2026, 6, 5), "weekday"), [], "Thứ 6, 05/06/2026"),
        ((date(2026, 2, 5), "official"), [], "ngày 05 tháng 02 năm 2026"),
        ((date(2026, 3, 15), "official"), [], "ngày 15 tháng 3 năm 2026"),
        ((date(2026, 2, 5), "official"), ["en"], "5 February 2026"),
        ((None,), [], "–"),
    ],
)
def test_vi_date_is_the_local_day_as_each_place_writes_it(moment, how, shown):
    with translation.override(*(how or ["vi"])):
        assert vi_date(*moment) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+84912345678", "0912 345 678"),
        ("0912345678", "0912 345 678"),
        ("+4930123456", "+49 30 123456"),
        ("tổ trưởng", "tổ trưởng"),
        (None, ""),
    ],
)
def test_phone_local_is_grouped_for_reading(stored, shown):
    assert phone_local(stored) == shown


# --- icons --------------------------------------------------------------------


def test_icon_is_hidden_from_screen_readers_unless_it_has_a_name():
    assert str(icon("check")) == (
        '<svg class="icon" width="22" height="22" aria-hidden="true">'
        '<use href="/static/lms/img/icons.svg#check"></use></svg>'
    )
    assert 'role="img" aria-label="Có &lt;mặt&gt;"' in icon("present", "Có <mặt>")
    assert "#clock" in icon("late")


def test_styleguide_shows_every_icon_of_the_sprite():
    assert set(ICONS) == SPRITE


# --- the stylesheet -------------------------------------------------------------


def luminance(colour):
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", TOKENS.split("@media")[0]))
    light, dark = sorted(
        (luminance(tokens.get(one, one)), luminance(tokens.get(other, other))), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "page", 12),
        ("ink", "surface", 12),
        ("ink", "accent", 7),
        ("ink-soft", "page", 6),
        ("ink-soft", "surface", 6),
        ("ink-soft", "sunk", 6),
        ("link", "page", 6),
        ("link", "surface", 6),
        ("accent-ink", "page", 4.5),
        ("brand", "brand-soft", 4.5),
        ("on-brand", "brand", 7),
        ("on-brand", "brand-deep", 7),
        ("on-brand-soft", "brand-deep", 7),
        ("accent", "brand-deep", 4.5),
        *[(tone, f"{tone}-soft", 4.5) for tone in ("success", "warning", "danger", "info")],
        *[("#fff", tone, 4.5) for tone in ("success", "warning", "danger", "info")],
        # Edges of controls, bars and the ring of focus: 3:1.
        ("edge", "surface", 3),
        ("edge", "page", 3),
        ("brand", "sunk", 3),
        ("focus", "page", 3),
        ("accent", "brand-deep", 3),
    ],
)
def test_colours_are_readable_in_sunlight(text, ground, least):
    assert contrast(text, ground) >= least


# --- components -----------------------------------------------------------------


class SessionForm(forms.Form):
    place = forms.CharField(help_text="Ghi rõ xã.")
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])


def test_progress_and_ring_give_the_browser_numbers_it_can_read():
    html = component("progress", value=1.5, max=6, label="Giờ")
    assert 'value="1.5" max="6"' in html
    assert "1,5/6" in html
    assert 'max="100"' in component("progress", value=63, label="Hoàn thành")
    assert 'aria-label="Hoàn thành: 67%"' in component("ring", value=2, max=3, label="Hoàn thành")


@pytest.mark.parametrize("part", ["progress", "ring"])
def test_share_of_nothing_is_no_share(part):
    html = component(part, value=0, max=0, label="Bài đã học")
    assert "–" in html
    assert "100" not in html.replace('viewBox="0 0 100 100"', "").replace('pathLength="100"', "")
    assert "<progress" not in html


def test_field_ties_help_and_errors_to_the_input_and_says_when_it_may_stay_empty():
    html = component("field", field=SessionForm({})["place"])
    assert 'aria-describedby="id_place_helptext id_place_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_place_helptext"' in html
    assert 'id="id_place_error"' in html
    assert "field__optional" not in html
    assert "field__optional" in component("field", field=SessionForm()["note"])
    radios = component("field", field=SessionForm()["kind"])
    assert (radios.count("<legend"), radios.count('type="radio"')) == (1, 2)


def test_form_keeps_what_was_typed_and_says_nothing_is_saved():
    html = component("form", form=SessionForm({"place": "", "note": "Mang sổ"}))
    assert 'value="Mang sổ"' in html
    assert html.count('role="alert"') == 1
    assert 'role="alert"' not in component("form", form=SessionForm())


def test_segmented_marks_the_chosen_key_only():
    html = component(
        "segmented",
        name="mark-7",
        legend="Nguyễn Thị Mẫu",
        choices=[("present", "Có mặt"), ("late", "Đi muộn")],
        value="late",
    )
    assert re.findall(r'value="(\w+)"[^>]* checked', html) == ["late"]


def test_pagination_keeps_the_filters():
    request = RequestFactory().get("/", {"district": "350", "page": "2"})
    html = get_template("lms/components/pagination.html").render(
        {"page": Paginator(range(50), 20).page(2)}, request
    )
    assert 'href="?district=350&amp;page=3"' in html
    assert "Trang 2/3" in html


def test_status_word_is_the_one_heading_of_its_page():
    html = component("status_word", status="late", word="Đi muộn")
    assert '<h1 class="status-word__word">Đi muộn</h1>' in html
    assert "is-late" in html


def test_stat_of_nothing_is_still_a_figure():
    assert '0<span class="stat__of">/116</span>' in component("stat", label="Xã", value=0, of=116)


def test_text_from_people_is_escaped():
    assert "<b>" not in component("alert", text="<b>Mẫu</b>") + component("badge", label="<b>")


def test_styleguide_renders_every_component(rf):
    html = get_template("lms/styleguide.html").render(styleguide_context(), rf.get("/"))
    assert html.count("<h1") == 1


# --- pages that must stand when all else has fallen -------------------------------


def test_error_page_renders_without_any_context():
    for name in ("400", "403", "403_csrf", "404", "429", "500"):
        html = get_template(f"{name}.html").render()
        assert html.count("<h1>") == 1, name
        assert 'lang="vi"' in html, name
        assert "<form" not in html, name


def test_base_says_that_demo_data_are_made_up(rf):
    def drawn(*, demo):
        return get_template("404.html").render({"suite": {"demo": demo}}, rf.get("/"))

    assert drawn(demo=True).count("with-icon") == drawn(demo=False).count("with-icon") + 1


def test_base_marks_the_open_page_in_the_navigation(rf):
    entries = [
        {"label": "Việc của tôi", "url": "/a/", "icon": "home", "active": True},
        {"label": "Khoá học", "url": "/b/", "icon": "book", "active": False},
    ]
    html = get_template("404.html").render({"suite": {"navigation": entries}}, rf.get("/"))
    assert re.findall(r'href="(/\w/)" aria-current="page"', html) == ["/a/"]


def test_home_sends_the_code_to_the_page_that_checks_it_where_there_is_one(rf):
    home, addresses = get_template("lms/home.html"), {"login_url": "/x/"}
    assert 'name="code"' not in home.render(addresses, rf.get("/"))
    html = home.render(addresses | {"verify_url": "/kiem-tra/"}, rf.get("/"))
    assert 'action="/kiem-tra/" method="get"' in html
    assert 'name="code"' in html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_kept_rendering_is_that_of_an_include(language):
    given = "value=value max=top label=label"
    engine = engines["django"]
    kept = engine.from_string(
        f'{{% load ui %}}{{% render_kept "lms/components/progress.html" {given} %}}'
    )
    included = engine.from_string(
        f'{{% include "lms/components/progress.html" with {given} only %}}'
    )
    told = [
        (1234, "<b>"),
        (1234, mark_safe("<b>")),
        (1, "a"),
        (True, "a"),
        (1.0, "a"),
        (None, ["a"]),
    ]
    with translation.override(language):
        for value, label in told * 2:
            context = {"value": value, "label": label, "top": 4000}
            assert kept.render(context) == included.render(context)


class Range(NamedTuple):
    first: int
    last: int


def tile(title):
    return Tile(name="a", share=0.5, value="1", note="", title=title)


@pytest.mark.parametrize(
    "alike",
    [
        [{"a": 1}, [["a", 1]], [("a", 1)], (["a", 1],)],
        [{}, [], ()],
        [{1: "a"}, {True: "a"}],
        [0.0, -0.0],
        [Decimal("1.0"), Decimal("1.00")],
        [tile("<b>"), tile(mark_safe("<b>"))],
        [Range(1, 2), Range(True, 2)],
        [[1, 2], (1, 2), [True, 2], [True, True], ["1", "2"], ["12"], [12]],
    ],
)
def test_kept_rendering_is_of_what_is_given_not_of_what_equals_it(alike):
    engine = engines["django"]
    name = '"lms/components/tile.html"'
    kept = engine.from_string(f"{{% load ui %}}{{% render_kept {name} drawn=drawn %}}")
    included = engine.from_string(f"{{% include {name} with drawn=drawn only %}}")
    for one in alike:
        line = one.name if isinstance(one, Tile) else one
        drawn = {"tile": one, "lines": [(1, line)]}
        assert kept.render({"drawn": drawn}) == included.render({"drawn": drawn})


class Filters(forms.Form):
    place = forms.ChoiceField(choices=[("", "All"), ("a", "A")], required=False)
    number = forms.IntegerField(
        label=translation.gettext_lazy("Notices"), required=False, help_text="<b>"
    )


def a_form(data=None, *, choices=None, label=None, attrs=None, prefix=None):
    form = Filters(data, prefix=prefix)
    form.fields["place"].choices = choices or form.fields["place"].choices
    form.fields["number"].label = label or form.fields["number"].label
    form.fields["number"].widget.attrs |= attrs or {}
    return form


@pytest.mark.parametrize("language", ["vi", "en"])
def test_kept_form_is_the_form_that_is_given(language):
    engine, told = engines["django"], 'form=form reset_url="/a/"'
    name = '"lms/components/filter_bar.html"'
    kept = engine.from_string(f"{{% load ui %}}{{% render_kept {name} {told} %}}")
    included = engine.from_string(f"{{% include {name} with {told} only %}}")
    asked = [
        {},
        {"data": {}},
        {"data": {"place": "a"}},
        {"data": {"place": "b", "number": "x"}},
        {"data": {"number": "1"}},
        {"choices": [("Group", [("b", "B")])]},
        {"choices": [("b", mark_safe("<b>"))]},
        {"label": "<b>"},
        {"attrs": {"min": 1}},
        {"prefix": "own"},
    ]
    with translation.override(language):
        drawn = [included.render({"form": a_form(**one)}) for one in asked]
        for _turn in range(2):
            assert [kept.render({"form": a_form(**one)}) for one in asked] == drawn
    assert len(set(drawn)) == len(asked) - 1
