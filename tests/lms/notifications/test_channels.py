"""What a test of sending does not reach: other mail settings."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from lms.notifications.channels import CutOff, EmailChannel, WatchedEmailBackend
from lms.notifications.extensions import Message
from tests.factories.notifications import ReminderFactory

pytestmark = pytest.mark.django_db


def test_channel_follows_the_mail_settings():
    channel = EmailChannel()

    channel.open()
    channel.send(ReminderFactory(user__email="mau@example.vn"), Message("Nhắc", "Mời anh/chị."))
    channel.close()

    assert [message.to for message in mail.outbox] == [["mau@example.vn"]]


def test_channel_of_which_nothing_is_known_may_have_sent_what_it_broke_off(monkeypatch):
    def broken(self, messages):
        raise OSError("disk full")

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    channel = EmailChannel()

    with pytest.raises(CutOff) as error:
        channel.send(ReminderFactory(), Message("Nhắc", "Mời anh/chị."))

    assert error.value.before_content is False


def test_channel_over_tls_watches_too():
    secure = WatchedEmailBackend(use_ssl=True).connection_class

    assert issubclass(secure, smtplib.SMTP_SSL)
    assert secure.mail is WatchedEmailBackend(use_ssl=False).connection_class.mail
