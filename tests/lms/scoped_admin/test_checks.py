"""The rules of scoped lists that `manage.py check` holds."""

from typing import ClassVar

import pytest
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from lms.accounts.enums import Role
from lms.accounts.models import Posting
from lms.geography.models import UnitSuccession
from lms.scoped_admin.checks import check_scoped_lists
from lms.scoped_admin.pages import ActionPage, ScopedPage
from lms.scoped_admin.viewsets import ScopedModelViewSet


@pytest.fixture
def register(monkeypatch):
    """Puts a viewset among the registered ones for the length of a test."""

    def add(viewset):
        monkeypatch.setattr(viewsets, "viewsets", [*viewsets.viewsets, viewset])

    return add


def ids(messages):
    return [message.id for message in messages]


@pytest.mark.parametrize(
    ("base", "said", "found"),
    [
        (ModelViewSet, {"model": Posting, "form_fields": ("unit",)}, ["suite.E001"]),
        (ModelViewSet, {"model": UnitSuccession, "form_fields": ("extent",)}, []),
        (
            ModelViewSet,
            {"model": Posting, "form_fields": ("unit",), "common_rows": "Made up for a test."},
            [],
        ),
        (ScopedModelViewSet, {"model": Posting}, ["suite.E003"]),
        (
            ScopedModelViewSet,
            {
                "model": Posting,
                "view_roles": (Role.MONITOR,),
                "pages": {"act": ("act/", ActionPage)},
            },
            ["suite.E008"],
        ),
    ],
    ids=[
        "every row of a scoped model",
        "no areas",
        "says why for all",
        "nobody may open it",
        "nobody may open its page",
    ],
)
def test_list_is_scoped_and_opened_by_somebody_or_says_why(register, base, said, found):
    register(type("MadeUpViewSet", (base,), said)("made_up"))

    assert ids(check_scoped_lists()) == found


def test_scoped_list_needs_the_method_it_names(register):
    class RoleViewSet(ScopedModelViewSet):
        model = UnitSuccession
        view_roles = (Role.MONITOR,)
        change_scope_method = "manageable_by"

    register(RoleViewSet("roles"))

    messages = check_scoped_lists()
    assert ids(messages) == ["suite.E002", "suite.E002"]
    assert [message.msg for message in messages] == [
        "UnitSuccession.objects has no method visible_to(user).",
        "UnitSuccession.objects has no method manageable_by(user).",
    ]


def test_page_without_a_permission_is_an_error(register):
    class OpenPage(ScopedPage):
        pass

    class PageViewSet(ScopedModelViewSet):
        model = Posting
        view_roles = change_roles = (Role.COORDINATOR,)
        pages: ClassVar = {"open": ("open/", OpenPage), "act": ("act/", ActionPage)}

    register(PageViewSet("paged"))

    messages = check_scoped_lists()
    assert ids(messages) == ["suite.E008"]
    assert messages[0].msg == "Nobody may open the page open: it asks for '', which no role holds."


def test_page_needs_the_method_of_its_scope(register):
    class FarPage(ActionPage):
        model = UnitSuccession

    class PageViewSet(ScopedModelViewSet):
        model = Posting
        view_roles = act_roles = (Role.MONITOR,)
        pages: ClassVar = {"far": ("far/<int:pk>/", FarPage)}

    register(PageViewSet("paged"))

    messages = check_scoped_lists()
    assert [(one.id, one.msg) for one in messages] == [
        ("suite.E002", "UnitSuccession.objects has no method visible_to(user).")
    ]
