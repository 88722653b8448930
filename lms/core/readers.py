"""Who reads: what the rooms below accounts may ask of a person, and a request behind the log-in."""

from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q
from django.http import HttpRequest

if TYPE_CHECKING:
    # Mypy's plug-in puts AUTH_USER_MODEL in its place.
    from django.contrib.auth.models import _User


class Scope(Protocol):
    """What the roles of a person cover; `accounts` knows how."""

    @property
    def administers_province(self) -> bool: ...

    def has_role(self, *roles: Any) -> bool: ...

    def reaches_province(self, roles: tuple[Any, ...]) -> bool: ...

    def units_q(self, unit_field: str) -> Q: ...


class Reader(Protocol):
    """A person as rooms below accounts know one."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_active(self) -> bool: ...

    @property
    def scope(self) -> Scope: ...

    def area_in_words(self) -> str: ...


class SignedInRequest(HttpRequest):
    """A request behind the log-in; for the type checker alone."""

    user: "_User"
