"""A second connection to the server of the suite, for as long as it is needed."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Made for the live database and many requests; the copies are read once.
_NOT_FOR_COPIES: Final = ("pool", "init_command")


@contextmanager
def opened(alias: str, name: str = "") -> Iterator[BaseDatabaseWrapper]:
    """Give a connection of its own under this alias; to the database `name`, or the live one."""
    described = copy.deepcopy(connections["default"].settings_dict)
    described["NAME"] = name or described["NAME"]
    for option in _NOT_FOR_COPIES:
        described["OPTIONS"].pop(option, None)
    connections.databases[alias] = described
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
