"""`python -m tests.benchmarks.sending suite|bare email|sms PORT COUNT`: send; prints seconds a message.

One process for one way, as the workers of a server have it: `suite` sends the reminders that are due,
`bare` hands as many messages of the same size to the same sink and does nothing else.
"""

import http.client
import json
import smtplib
import sys
import time
from email.message import EmailMessage

TEXT = "Kính gửi anh/chị Nguyễn Thị Hương, mời anh/chị đến phòng số 2. " * 8


def bare_email(port, count):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as line:
        for number in range(count):
            mail = EmailMessage()
            mail["Subject"], mail["Message-ID"] = "Đổi phòng học", f"<bare-{number}@vd.vn>"
            mail["From"], mail["To"] = "tap-huan@vd.vn", f"nguoi-{number}@example.vn"
            mail.set_content(TEXT)
            mail.add_alternative(f"<p>{TEXT}</p>" * 4, subtype="html")
            line.send_message(mail)


def bare_sms(port, count):
    for number in range(count):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        said = json.dumps({"phone": "0912345678", "content": TEXT[:150], "id": f"bare-{number}"})
        line.request("POST", "/", said.encode(), {"Content-Type": "application/json"})
        line.getresponse().read()
        line.close()


def suite(way, count):
    import django

    django.setup()
    from django.urls import reverse
    from django.utils import timezone

    from lms.messaging.extensions import channels
    from lms.notifications.domain.sending import send_in_turn

    # All addresses of the suite are loaded with the first letter of a worker's life.
    reverse("notices:list")
    begun, left = time.perf_counter(), count
    while left:
        report = send_in_turn(now=timezone.now(), channel=channels.get(way), limit=left)
        left -= report.sent
        if not report.sent:
            raise RuntimeError(f"{way}: {left} of {count} not sent, then {report}")
    return (time.perf_counter() - begun) / count


def main(how, way, port, count):
    if how == "suite":
        seconds = suite(way, count)
    else:
        begun = time.perf_counter()
        {"email": bare_email, "sms": bare_sms}[way](port, count)
        seconds = (time.perf_counter() - begun) / count
    sys.stdout.write(f"{seconds}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
