"""What the bar on top offers a person; each app registers its own entries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from lms.core.registry import Registry


@dataclass(frozen=True)
class NavigationItem:
    """One entry: `order` sorts from left to right; `is_visible(user)` costs no query of its own."""

    key: str
    label: str | Promise
    url_name: str
    icon: str
    order: int
    is_visible: Callable[[Any], bool]


navigation: Registry[NavigationItem] = Registry("navigation")
