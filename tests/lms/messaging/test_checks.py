"""A gateway that could not be asked is found at the start, not at the first SMS."""

import pytest

from lms.messaging.checks import check_sms_gateway

HERE = "tests.lms.messaging.test_checks"


class OfLastRelease:
    def send(self, *, to, text, timeout):
        """Take no key."""


class TakesAnything:
    def send(self, **asked):
        """Take what comes."""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", []),
        ("lms.messaging.sms.FolderGateway", []),
        ("lms.messaging.channels.http_gateway.HttpGateway", []),
        (f"{HERE}.TakesAnything", []),
        (f"{HERE}.OfLastRelease", ["key"]),
        (f"{HERE}.Gone", ["Gone"]),
        ("lms.accounts.signin.sms.FolderGateway", ["lms.accounts.signin.sms"]),
        (f"{HERE}.HERE", ["send"]),
    ],
)
def test_gateway_that_can_be_asked_is_no_fault_and_another_told_by_what_it_lacks(
    settings, name, told
):
    settings.SUITE_SMS_GATEWAY = name

    found = check_sms_gateway()

    assert [one.id for one in found] == ["suite.E010"] * len(told)
    assert all(lacks in one.msg for lacks, one in zip(told, found, strict=True))
