"""Somebody who opens every address, without what a page costs and nobody looks at.

The person and the session are looked up once, the person with all rights; a form is given copies, and
whoever sends one takes back what it did. The menu of the admin, which is the same on each of its pages
(`tests/test_scoped_walk.py`), is made for the first one that has it.
"""

import copy
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any, ClassVar
from unittest import mock

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
from django.test import Client
from wagtail.admin.menu import admin_menu

REFUSED = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
# Where somebody is sent who may not open a page.
DOORS = ("/quan-tri/", "/tai-khoan/login/", "/quan-tri/login/")
MENU = b"wagtail-sidebar-props"

_look_up = auth.get_user
_load = SessionStore.load


def is_refused(response: Any) -> bool:
    door = response.get("Location", "").partition("?")[0]
    return response.status_code in REFUSED or door in DOORS


class Walker(Client):
    """A client whose answers know neither templates nor contexts.

    `told`: the messages that wait to be shown. They are taken from the answer that left them, so
    that they do not grow from page to page. `asked_for`: what the page looked for in its query.
    """

    def __init__(self, person: Any = None) -> None:
        super().__init__(raise_request_exception=False)
        self._person: Any = None
        self._sessions: dict[Any, Any] = {}
        self._has_menu = False
        if person is not None:
            self.force_login(person)

    def request(self, **request: Any) -> Any:
        _Query.asked_for.clear()
        with ExitStack() as saved:
            saved.enter_context(mock.patch.object(auth, "get_user", self._known))
            saved.enter_context(mock.patch.object(SessionStore, "load", self._loaded()))
            saved.enter_context(mock.patch("django.core.handlers.wsgi.QueryDict", _Query))
            if self._has_menu:
                saved.enter_context(mock.patch.object(admin_menu, "render_component", _nothing))
            response: Any = self.handler(self._base_environ(**request))
        response.asked_for = frozenset(_Query.asked_for)
        response.told = [str(one) for one in _waiting(response.wsgi_request)]
        self.cookies.update(response.cookies)
        self.cookies.pop("messages", None)
        self._has_menu |= not response.streaming and MENU in response.content
        session = getattr(response.wsgi_request, "session", None)
        if session is None or session.modified:
            self._sessions.clear()
        return response

    def _known(self, request: Any) -> Any:
        key = request.session.get(auth.SESSION_KEY)
        if self._person is None or str(self._person.pk) != key:
            self._person = _look_up(request)
        return self._person if request.method == "GET" else copy.deepcopy(self._person)

    def _loaded(self) -> Any:
        def load(store: SessionStore) -> Any:
            known = self._sessions.get(store.session_key) or _load(store)
            self._sessions[store.session_key] = known
            return copy.deepcopy(known)

        return load


def _waiting(request: Any) -> list[Any]:
    messages = getattr(request, "_messages", None)
    return list(messages._queued_messages) if messages else []


def _nothing(_request: Any) -> list[Any]:
    return []


class _Query(QueryDict):
    """A query that notes which names a page looks for in it."""

    asked_for: ClassVar[set[Any]] = set()

    def __contains__(self, name: object) -> bool:
        self.asked_for.add(name)
        return super().__contains__(name)

    def __getitem__(self, name: Any) -> Any:
        self.asked_for.add(name)
        return super().__getitem__(name)

    def getlist(self, name: Any, default: Any = None) -> Any:
        self.asked_for.add(name)
        return super().getlist(name, default)
