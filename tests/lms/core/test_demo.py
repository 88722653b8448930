"""Trial accounts are a thing of trials."""

import pytest

from lms.core import demo
from lms.core.demo import demo_accounts


@pytest.fixture(autouse=True)
def _fresh():
    demo._listed.cache_clear()
    yield
    demo._listed.cache_clear()


def test_trial_lists_five_accounts(settings):
    settings.SUITE_DEMO = True

    assert [account["role"] for account in demo_accounts()] == [
        "trainer",
        "trainee",
        "coordinator",
        "monitor",
        "administrator",
    ]


def test_real_site_lists_none(settings):
    settings.SUITE_DEMO = False

    assert demo_accounts() == []


def test_trial_without_the_file_lists_none(settings, tmp_path):
    settings.SUITE_DEMO = True
    settings.FIXTURES_DIR = tmp_path

    assert demo_accounts() == []
