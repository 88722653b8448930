"""What an app names so that a restored database can be proved to be the one that was saved."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lms.core.registry import Registry


@dataclass(frozen=True)
class Proof:
    """`rows` gives what must come back unchanged, in a fixed order, from the database `alias`."""

    key: str
    rows: Callable[[str], Iterable[tuple[Any, ...]]]


proofs: Registry[Proof] = Registry("proofs of a backup")


def digest(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Return how many rows there are, and a hash of them all."""
    found, count = hashlib.sha256(), 0
    for row in rows:
        found.update(json.dumps(row, sort_keys=True, default=str).encode() + b"\n")
        count += 1
    return {"count": count, "sha256": found.hexdigest()}
