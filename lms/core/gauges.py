"""Figures that tell whether the work is done: each app offers its own to whoever watches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.core.registry import Registry


@dataclass(frozen=True)
class Gauge:
    """A figure as it is now, read from the database each time somebody asks.

    Names no person. `key` is the name under which alarms know it; with a `label` there is one
    figure for each of its values.
    """

    key: str
    text: str
    read: Callable[[datetime], Mapping[str, float]]
    label: str = ""


#: In English: those who read them keep the server running.
gauges: Registry[Gauge] = Registry("gauges")
