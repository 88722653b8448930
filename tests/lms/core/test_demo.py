"""Trial accounts are a thing of trials."""

import pytest

from lms.core.demo import demo_accounts, read_accounts


def test_trial_lists_an_account_of_each_part(settings):
    settings.SUITE_DEMO = True

    assert [account["role"] for account in demo_accounts()] == [
        "trainer",
        "trainee",
        "coordinator",
        "focal_point",
        "monitor",
        "administrator",
    ]


def test_real_site_lists_no_account_and_reads_those_of_the_demo_data(settings):
    settings.SUITE_DEMO = False

    assert demo_accounts() == []
    assert read_accounts()["trainer"]["login"] == "GV001"


def test_without_the_file_a_trial_lists_no_account_and_to_read_one_is_an_error(settings, tmp_path):
    settings.SUITE_DEMO = True
    settings.FIXTURES_DIR = tmp_path
    assert demo_accounts() == []
    with pytest.raises(FileNotFoundError):
        read_accounts()
