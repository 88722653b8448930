"""Fields of what a provider says, by a path with dots, and the words that settings wait for."""

from typing import Any

#: A path and the values that are meant, or nothing.
Condition = tuple[str, frozenset[str]] | None


def read_field(said: Any, path: str) -> str:
    """Return what stands at "data.id" as text; nothing where there is none."""
    for name in path.split(".") if path else ():
        if isinstance(said, list) and name.isdecimal() and int(name) < len(said):
            said = said[int(name)]
        elif isinstance(said, dict) and name in said:
            said = said[name]
        else:
            return ""
    return "" if not path or said is None or isinstance(said, (dict, list)) else str(said)


def matches(said: Any, condition: Condition) -> bool:
    """Return whether the field holds one of the values; never where there is no condition."""
    return condition is not None and read_field(said, condition[0]) in condition[1]
