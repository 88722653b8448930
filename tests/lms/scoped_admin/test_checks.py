"""The rules of scoped lists that `manage.py check` holds."""

import pytest
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from lms.accounts.enums import Role
from lms.accounts.models import Posting
from lms.geography.models import UnitSuccession
from lms.scoped_admin.checks import check_scoped_lists
from lms.scoped_admin.viewsets import ScopedModelViewSet


@pytest.fixture
def register(monkeypatch):
    """Puts a viewset among the registered ones for the length of a test."""

    def add(viewset):
        monkeypatch.setattr(viewsets, "viewsets", [*viewsets.viewsets, viewset])

    return add


def ids(messages):
    return [message.id for message in messages]


def test_list_that_shows_every_row_of_a_scoped_model_is_an_error(register):
    class LeakyViewSet(ModelViewSet):
        model = Posting
        form_fields = ("unit",)

    register(LeakyViewSet("leaky"))

    assert ids(check_scoped_lists()) == ["suite.E001"]


def test_list_of_a_model_without_areas_needs_no_scope(register):
    class EditionViewSet(ModelViewSet):
        model = UnitSuccession
        form_fields = ("extent",)

    register(EditionViewSet("editions"))

    assert check_scoped_lists() == []


def test_list_may_say_why_its_rows_are_for_all(register):
    class CommonViewSet(ModelViewSet):
        model = Posting
        form_fields = ("unit",)
        common_rows = "Made up for a test."

    register(CommonViewSet("common"))

    assert check_scoped_lists() == []


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


def test_scoped_list_needs_somebody_who_may_open_it(register):
    class ClosedViewSet(ScopedModelViewSet):
        model = Posting

    register(ClosedViewSet("closed"))

    assert ids(check_scoped_lists()) == ["suite.E003"]
