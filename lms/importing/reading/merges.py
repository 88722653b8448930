"""Ranges of cells that a sheet shows as one."""

# First row, first column, last row, last column, counted from 0.
Merge = tuple[int, int, int, int]


def keep_possible(merged: list[Merge], columns: int) -> list[Merge]:
    """Return the ranges that a spreadsheet would have written, from the top down.

    A file may name any: a range from its lower right corner is turned round; one that begins
    outside the first `columns` columns, is a single cell or shares a cell with a range above it
    is dropped.
    """
    kept = []
    # For each column the first row that no range kept so far covers.
    free = [0] * columns
    for top, left, low, right in sorted(map(_turned, merged)):
        covered = free[left : right + 1] if 0 <= left < columns else []
        # Without columns, or above row 0, there is nothing to show.
        if not covered or (top, left) == (low, right) or top < max(covered):
            continue
        last = left + len(covered) - 1
        free[left : last + 1] = [low + 1] * len(covered)
        kept.append((top, left, low, last))
    return kept


def _turned(merge: Merge) -> Merge:
    top, left, low, right = merge
    return min(top, low), min(left, right), max(top, low), max(left, right)
