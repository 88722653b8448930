"""One entry a key, in the order of registration."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.core.registry import Registry


@dataclass(frozen=True)
class Entry:
    key: str


@pytest.fixture
def registry():
    return Registry("test entries")


def test_entries_are_found_by_key_and_kept_in_order(registry):
    later, earlier = Entry("b"), Entry("a")
    assert (registry.get("a"), "a" in registry) == (None, False)
    registry.register(later, earlier)
    assert list(registry) == [later, earlier]
    assert (registry.get("a"), "a" in registry) == (earlier, True)
    assert len(registry) == 2


def test_taken_key_stops_the_start(registry):
    registry.register(Entry("a"))

    with pytest.raises(
        ImproperlyConfigured, match=r"^test entries: the key 'a' is registered twice\.$"
    ):
        registry.register(Entry("a"))
