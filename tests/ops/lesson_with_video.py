"""`python -m tests.ops.lesson_with_video FILE`: one trainee, a lesson, a video and a certificate.

Writes where they are, and the trainee's browser session, as JSON into the file. The environment
says into which suite.
"""

import json
import random
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from certificates.domain.rendering import render_file
from courses.models import CourseDocument, LessonPage
from tests.factories.accounts import browse
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import make_map, unit

SIZE = 10_000_000


def video_bytes() -> bytes:
    """The same each time, and no part like another."""
    return random.Random(1).randbytes(SIZE)


def prepare() -> dict[str, str]:
    make_map()
    CertificateTemplateFactory()
    enrolment = completed(make_run(make_course(lessons=1), unit("350")), unit("13591"))
    certificate = render_file(certificate_id=issued(enrolment).pk)
    content = ContentFile(video_bytes(), name="phim.mp4")
    video = CourseDocument.objects.create(title="Phim", file=content)
    default_storage.save("images/bai.png", ContentFile(b"hinh"))
    session = browse(enrolment.user).cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "cookies": f"{settings.SESSION_COOKIE_NAME}={session}",
        "lesson": LessonPage.objects.get().url,
        "video": video.url,
        "video_file": video.file.name,
        "certificate": reverse("certificates:download", args=[certificate.key]),
        "certificate_file": certificate.file.name,
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(prepare()), encoding="utf-8")
