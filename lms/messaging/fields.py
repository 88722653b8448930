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


def filled(part: Any, words: dict[str, str]) -> Any:
    """Return the part with each value that is one of the words as a whole put for it."""
    if isinstance(part, dict):
        return {name: filled(value, words) for name, value in part.items()}
    if isinstance(part, list):
        return [filled(value, words) for value in part]
    # Whole values alone: a text that holds the name of a place is not filled in once more.
    return words.get(part, part) if isinstance(part, str) else part


def phone_forms(phone: str) -> dict[str, str]:
    """Return the words by which a number stands: +84…, 84… and 0…"""
    return {
        "{to}": phone,
        "{to_84}": phone.removeprefix("+"),
        "{to_0}": f"0{phone.removeprefix('+84')}",
    }
