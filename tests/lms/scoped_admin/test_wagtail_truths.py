"""What is true or false is a word: in the lists of the admin and between two versions of a page."""

from types import SimpleNamespace

import pytest
from wagtail.admin.ui.tables import BooleanColumn, Column, Table

from courses.models import LessonPage


@pytest.mark.parametrize("column", [Column, BooleanColumn])
def test_no_list_says_true_false_or_none(column):
    rows = [SimpleNamespace(value=value) for value in (True, False, None)]

    shown = Table([column("value")], rows).render_html({})

    assert not {"True", "False", "None"} & set(shown.replace("<", " ").replace('"', " ").split())
    assert ("Có" in shown, "Không" in shown) == (True, True)


@pytest.mark.django_db
def test_versions_of_a_page_are_compared_in_words():
    panel = LessonPage.get_edit_handler()
    old, new = LessonPage(is_required=True), LessonPage(is_required=False)
    compared = [
        comparison(old, new).htmldiff()
        for comparison in panel.get_bound_panel(instance=new, request=None).get_comparison()
        if getattr(comparison(old, new), "field", None) is LessonPage._meta.get_field("is_required")
    ]

    assert len(compared) == 1
    assert "True" not in compared[0]
    assert "Có" in compared[0]
