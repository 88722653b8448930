"""The places where plug-ins add their pieces."""

import pytest
from django.template import Context, Template

from courses.extensions import PLACES, page_panels
from lms.core.registry import Registry

pytestmark = pytest.mark.django_db


class Panel:
    template = "lms/components/badge.html"

    def __init__(self, key, place="run_overview", order=10, shows=True):
        self.key, self.place, self.order, self.shows = key, place, order, shows

    def context(self, request, subject):
        return {"label": f"{self.key}:{subject}"} if self.shows else None


@pytest.fixture
def panels(monkeypatch):
    """An empty registry in the place of the suite's own."""
    empty = Registry("page panels")
    monkeypatch.setattr(page_panels, "_entries", empty._entries)
    return page_panels


def rendered(rf, place):
    context = Context({"request": rf.get("/")})
    source = "{% load course_panels %}{% page_panels place 'ai' %}"
    return Template(source).render(Context({**context.flatten(), "place": place}))


def test_panels_of_a_place_stand_in_their_order(rf, panels):
    panels.register(Panel("sau", order=20))
    panels.register(Panel("truoc", order=10))
    panels.register(Panel("noi-khac", place="my_work_bottom"))

    html = rendered(rf, "run_overview")

    assert html.index("truoc:ai") < html.index("sau:ai")
    assert "noi-khac" not in html


def test_panel_with_nothing_to_say_is_left_out_and_text_is_escaped_once(rf, panels):
    panels.register(Panel("im", shows=False))
    assert rendered(rf, "run_overview") == ""

    panels.register(Panel("<b>"))
    assert "&lt;b&gt;:ai" in rendered(rf, "run_overview")


def test_registered_panels_name_known_places():
    assert {panel.place for panel in page_panels} <= set(PLACES)
