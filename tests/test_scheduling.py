"""What is looked at once in a process is looked at in one process."""

import pytest

from tests.scheduling import ByPerson

PAGES, ADMIN = "tests/browser/test_pages.py", "tests/browser/test_admin.py"


@pytest.mark.parametrize(
    ("test", "scope"),
    [
        (f"{PAGES}::test_axe_finds_nothing[chromium-en-monitor]", f"{PAGES} monitor en"),
        (f"{PAGES}::test_targets_are_large_enough[chromium-trainee]", f"{PAGES} trainee vi"),
        (f"{ADMIN}::test_axe_finds_nothing_of_ours[chromium-part1]", f"{ADMIN} part1 vi"),
        (f"{ADMIN}::test_chooser_of_a_page_opens[chromium]", ADMIN),
        (
            "tests/browser/test_wording.py::test_words[chromium-monitor]",
            "tests/browser/test_wording.py",
        ),
    ],
)
def test_tests_that_look_at_the_same_pages_stay_together(test, scope):
    scheduler = object.__new__(ByPerson)

    assert scheduler._split_scope(test) == scope
