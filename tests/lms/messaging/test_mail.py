"""What a test of sending does not reach: other mail settings, and a letter with two faces."""

import smtplib
from dataclasses import replace

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from lms.messaging.channels.mail import MailChannel, WatchedEmailBackend
from lms.messaging.enums import Outcome
from lms.messaging.extensions import CalendarPart, Letter
from tests.lms.notifications.smtp_sink import running_sink

LETTER = Letter(
    to="mau@example.vn",
    key="<1@example.vn>",
    subject="Nhắc",
    text="Mời anh/chị.",
    short="Nhắc",
    html="<p>Mời anh/chị.</p>",
    headers={"List-Unsubscribe": "<https://taphuan.example.vn/thoi/>"},
)


def test_line_follows_the_mail_settings():
    line = MailChannel().line()

    assert line.open() is None
    answer = line.send(LETTER)
    line.close()

    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, "<1@example.vn>")
    assert [message.to for message in mail.outbox] == [["mau@example.vn"]]


def test_letter_arrives_as_text_and_html_and_an_event_comes_last_with_its_method(settings):
    event = CalendarPart("1", "CANCEL", "BEGIN:VCALENDAR\r\nSUMMARY:Buổi 1\r\nEND:VCALENDAR\r\n")
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        line = MailChannel().line()
        line.open()
        line.send(LETTER)
        line.send(replace(LETTER, calendar=event))
        line.close()

    plain, invitation = sink.accepted
    faces = ["text/plain", "text/html"]
    assert [part.get_content_type() for part in plain.iter_parts()] == faces
    assert plain["List-Unsubscribe"] == "<https://taphuan.example.vn/thoi/>"
    assert invitation.get_content_type() == "multipart/alternative"
    *others, part = invitation.iter_parts()
    assert [one.get_content_type() for one in others] == faces
    assert part.get_content_type() == "text/calendar"
    assert (part.get_param("method"), part.get_content_charset()) == ("CANCEL", "utf-8")
    assert "SUMMARY:Buổi 1" in part.get_content()


def test_line_of_which_nothing_is_known_may_have_sent_what_it_broke_off(monkeypatch):
    def broken(self, messages):
        raise OSError("disk full")

    monkeypatch.setattr(EmailBackend, "send_messages", broken)

    answer = MailChannel().line().send(LETTER)

    assert (answer.outcome, answer.line_stands) == (Outcome.UNKNOWN, False)


def test_line_over_tls_watches_too():
    secure = WatchedEmailBackend(use_ssl=True).connection_class

    assert issubclass(secure, smtplib.SMTP_SSL)
    assert secure.mail is WatchedEmailBackend(use_ssl=False).connection_class.mail
