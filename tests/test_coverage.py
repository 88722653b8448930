"""What the verdict on coverage refuses."""

import pytest

from tests.coverage import unreached, verdict


def file(covered: int, *missing: int, branches: tuple = ()) -> dict:
    return {
        "missing_lines": list(missing),
        "missing_branches": list(branches),
        "summary": {
            "covered_lines": covered,
            "missing_lines": len(missing),
            "covered_branches": 0,
            "missing_branches": len(branches),
        },
    }


RULE = "courses/domain/runs.py"


@pytest.mark.parametrize(
    ("files", "is_right"),
    [
        ({RULE: file(10), "lms/views.py": file(95, 1)}, True),
        ({RULE: file(999, 7)}, False),
        ({RULE: file(999, branches=((7, 9),))}, False),
        ({RULE: file(10), "lms/views.py": file(80, *range(20))}, False),
        ({"lms/views.py": file(10)}, False),
        ({}, False),
    ],
    ids=["all", "line of a rule", "branch of a rule", "too little", "no rules", "nothing"],
)
def test_verdict(files, is_right):
    assert (verdict(files) == "") is is_right


def test_unreached_names_lines_and_branches():
    assert unreached(file(1, 3, 5, branches=((7, 0), (7, 8)))) == "3, 5, 7->exit, 7->8"
