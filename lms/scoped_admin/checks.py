"""Rules of scoped lists that `manage.py check` holds, since no type and no test of one app can."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.urls import get_resolver
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from lms.scoped_admin.viewsets import ScopedModelViewSet, registered_scoped_viewsets


@register("suite")
def check_scoped_lists(**kwargs: Any) -> list[CheckMessage]:
    """Check that every list of the admin starts from what the person may see,
    where a model knows it.
    """
    # Wagtail gathers its viewsets when the addresses of the admin are loaded.
    _ = get_resolver().url_patterns
    messages: list[CheckMessage] = []
    for viewset in viewsets.viewsets:
        if isinstance(viewset, ModelViewSet) and not isinstance(viewset, ScopedModelViewSet):
            messages += _unscoped(viewset)
    for scoped_viewset in registered_scoped_viewsets():
        methods = (scoped_viewset.scope_method, scoped_viewset.change_scope_method)
        messages += _missing_methods(scoped_viewset, scoped_viewset.model, methods)
        messages += _nobody(scoped_viewset, scoped_viewset.view_roles)
        for name, (_at, page) in scoped_viewset.pages.items():
            method = scoped_viewset.scope_method_of(page)
            messages += _missing_methods(page, scoped_viewset.model_of(page), (method,))
            messages += _closed_page(scoped_viewset, name, page.permission_required)
    return messages


def _unscoped(viewset: ModelViewSet) -> list[CheckMessage]:
    # `common_rows` says in a sentence why whoever may open the list may see each row of it.
    if getattr(viewset, "common_rows", "") or not hasattr(_manager(viewset.model), "visible_to"):
        return []
    return [
        Error(
            f"{viewset.model.__name__} knows visible_to, but this viewset shows every row.",
            hint=(
                "Derive the viewset from lms.scoped_admin.viewsets.ScopedModelViewSet, or say in "
                "common_rows why its rows are not those of one area."
            ),
            obj=type(viewset),
            id="suite.E001",
        )
    ]


def _missing_methods(
    listing: Any, model: type[models.Model], methods: tuple[str, ...]
) -> list[CheckMessage]:
    return [
        Error(
            f"{model.__name__}.objects has no method {method}(user).",
            hint="Write it in the model's queryset, and say there who sees what.",
            obj=listing,
            id="suite.E002",
        )
        for method in methods
        if method and not hasattr(_manager(model), method)
    ]


def _nobody(listing: Any, view_roles: tuple[str, ...]) -> list[CheckMessage]:
    if view_roles:
        return []
    return [
        Error(
            "Nobody may open this list: view_roles is empty.",
            hint="Name the roles, or do not register the list.",
            obj=listing,
            id="suite.E003",
        )
    ]


def _closed_page(viewset: ScopedModelViewSet, name: str, permission: str) -> list[CheckMessage]:
    if viewset.permission_policy.roles.get(permission):
        return []
    return [
        Error(
            f"Nobody may open the page {name}: it asks for {permission!r}, which no role holds.",
            hint="Set permission_required of the page, or act_roles of the viewset.",
            obj=viewset,
            id="suite.E008",
        )
    ]


def _manager(model: Any) -> Any:
    return getattr(model, "objects", None)
