"""The last member of a backup: what is in it, and from which version of the suite."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from lms.core.refusal import Refusal
from lms.core.version import suite_version
from lms.ops.facts import Facts

NAME: Final = "manifest.json"
# Raised when an older suite could not read what is written; the new one reads both.
FORMAT: Final = 1


@dataclass(frozen=True)
class Manifest:
    """`files` holds the hash of each as `storage/name`, `missing` those that rows name in vain."""

    suite: str
    made_at: str
    vendor: str
    database_sha256: str
    facts: Facts
    files: dict[str, str]
    missing: list[str]

    def write(self) -> bytes:
        stored = {**asdict(self), "facts": self.facts.write(), "format": FORMAT}
        return json.dumps(stored, indent=1, ensure_ascii=False).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Read what `write` wrote; refuse a later format."""
        stored: dict[str, Any] = json.loads(text)
        if stored.pop("format") > FORMAT:
            raise Refusal(
                "newer",
                f"The backup was made by version {stored['suite']}, which writes another form "
                f"than this version {suite_version()} reads.",
            )
        return cls(**{**stored, "facts": Facts.read(stored["facts"])})


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
