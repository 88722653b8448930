"""What a check of data quality tells a reader."""

from typing import Any

from lms.core.quality import QualityLine


def told_by(check: Any, reader: Any, *, at: Any) -> list[QualityLine]:
    """Return the lines of a check; counts, subjects and lines agree with each other."""
    counts = check.count_by_path(reader, at=at)
    for path, count in {**counts, "": sum(counts.values())}.items():
        assert len(list(check.subjects(reader, at=at, path=path))) >= count
    subjects = list(check.subjects(reader, at=at))
    lines = check.lines(subjects, reader=reader, at=at)
    assert len(lines) == len(subjects) == sum(counts.values())
    return lines
