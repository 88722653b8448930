"""Two web machines without a shared disk: what one takes in, the other hands out."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from tests.object_store import KEY, SECRET, ObjectStoreServer, object_store
from tests.running import until
from tests.services import free_port
from tests.workers import ROOT, Installation, kill

pytestmark = pytest.mark.process

PDF = b"%PDF-1.7\n%%EOF\n"
# A class whose session begins in an hour, somebody in it, and somebody who has completed another and
# to whom this machine, which is neither of the two, issues the certificate.
PREPARE = """
import json
import django; django.setup()
from datetime import timedelta
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from certificates.domain.issuing import issue_outstanding
from courses.models import CourseDocument
from lms.accounts.enums import Role
from tests.factories.accounts import make_official
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.certificates import CertificateTemplateFactory, completed
from tests.factories.courses import make_run
from tests.factories.geography import make_map, unit

def cookie_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value

make_map()
begins = timezone.now() + timedelta(hours=1)
session = SessionFactory(run=make_class("350"), starts_at=begins, ends_at=begins + timedelta(hours=3))
(trainee,) = enrol_many(session.run, 1)
CertificateTemplateFactory()
holder = completed(make_run(session.run.course, unit("350")), unit("13591"), "Nguyễn Thị Hương")
assert issue_outstanding(at=timezone.now()) == 1
document = CourseDocument.objects.create(title="Bài", file=ContentFile(b"WORDS", name="bai.pdf"))
print(json.dumps({
    "excuse": reverse("attendance:excuse_ask", args=[session.pk]),
    "mine": reverse("certificates:mine"),
    "imports": reverse("imports:add"),
    "document": document.url,
    "trainee": cookie_of(trainee.user),
    "holder": cookie_of(holder.user),
    "coordinator": cookie_of(make_official(Role.COORDINATOR, "350")),
}))
"""


class Site:
    """One database, one bucket, and machines with a folder each that nobody else sees."""

    def __init__(self, folder: Path, database: Path, store: ObjectStoreServer) -> None:
        self.folder = folder
        self.shared = {
            "DATABASE_URL": f"sqlite:///{database}",
            "SUITE_FILES": store.place,
            "SUITE_FILES_KEY": KEY,
            "SUITE_FILES_SECRET": SECRET,
            # Without gathered style sheets: the pages are not looked at here.
            "DJANGO_DEBUG": "1",
            "SECRET_KEY": "the same on every machine of the site, as in production",
        }

    def machine(self, name: str) -> Installation:
        folder = self.folder / name
        folder.mkdir()
        return Installation(folder, **self.shared)

    @contextmanager
    def web(self, name: str) -> Iterator[str]:
        """The address of a web server, and nothing of it afterwards."""
        machine, port = self.machine(name), free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
        command += ["--blocking-threads", "2", "--no-ws", "lms.wsgi:application"]
        with (machine.folder / "web.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=machine.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: _lives(address), seconds=120, what=f"{name} answers")
            yield address
        finally:
            kill(process)
            print((machine.folder / "web.log").read_text())  # noqa: T201 (shown where the test fails)


def _lives(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/live/", timeout=5).ok
    except requests.RequestException:
        return False


def browse(cookie: str) -> requests.Session:
    browser = requests.Session()
    # Cookies know no port: both machines get it, as behind one name.
    browser.cookies.set("sessionid", cookie, domain="127.0.0.1")
    return browser


def send(browser: requests.Session, page: str, data: dict, **files: tuple) -> requests.Response:
    """Fill the form of a page in, with its token."""
    shown = browser.get(page, timeout=30)
    assert 'name="csrfmiddlewaretoken"' in shown.text, (shown.status_code, shown.url, shown.text)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.text)[1]
    return browser.post(page, data={**data, "csrfmiddlewaretoken": token}, files=files, timeout=60)


def test_what_one_machine_takes_in_the_other_hands_out(tmp_path, migrated_database):
    database = tmp_path / "shared.sqlite3"
    database.write_bytes(migrated_database.read_bytes())
    with ExitStack() as stack:
        store = stack.enter_context(object_store())
        site = Site(tmp_path, database, store)
        known = json.loads(site.machine("first").run("-c", PREPARE))
        one, two = (stack.enter_context(site.web(name)) for name in ("one", "two"))
        trainee = browse(known["trainee"])

        assert_documents(two, trainee, known["document"])
        assert_papers(one, two, trainee, known["excuse"])
        assert_lists(one, two, browse(known["coordinator"]), known["imports"])
        assert_certificates(two, browse(known["holder"]), known["mine"])
        assert_goes_on_while_the_store_hangs(store, one, trainee, known["excuse"])
        assert store.objects
        assert not list(tmp_path.glob("*/media/**/*.*")) + list(tmp_path.glob("*/private/**/*.*"))


def assert_documents(two: str, trainee: requests.Session, address: str) -> None:
    answer = trainee.get(two + address, timeout=30)

    assert answer.content == b"WORDS"
    signed = answer.url
    assert requests.get(signed, timeout=30).status_code == 200
    assert requests.get(signed.partition("?")[0], timeout=30).status_code == 403
    assert "/tai-khoan/login/" in requests.get(two + address, timeout=30).url


def assert_papers(one: str, two: str, trainee: requests.Session, page: str) -> None:
    paper = ("giay.pdf", PDF, "application/pdf")
    assert send(trainee, one + page, {"reason": "Con ốm"}, paper=paper).ok

    shown = trainee.get(two + page, timeout=30).text
    (address,) = set(re.findall(r'href="([^"]+/giay/)"', shown))
    assert trainee.get(two + address, timeout=30).content == PDF
    assert requests.get(two + address, timeout=30).content != PDF


def assert_lists(one: str, two: str, coordinator: requests.Session, page: str) -> None:
    rows = "Mã cán bộ;Họ và tên;Xã\nKB-9001;Lê Thị Mới;Quế\n".encode()
    data = {"kind": "people", "sender": "UBND", "edition": "1"}
    kept = send(coordinator, one + page, data, file=("ds.csv", rows, "text/csv"))

    # The columns are named on a page that reads the file.
    columns = kept.url.replace(one, two)
    assert kept.url.endswith("/columns/"), kept.text
    assert "Mã cán bộ" in coordinator.get(columns, timeout=60).text


def assert_certificates(two: str, holder: requests.Session, page: str) -> None:
    shown = holder.get(two + page, timeout=30).text
    (address,) = set(re.findall(r'href="([^"]+/tai-ve/)"', shown))
    paper = holder.get(two + address, timeout=30)
    assert paper.content.startswith(b"%PDF")
    assert "attachment" in paper.headers["Content-Disposition"]
    assert "giay-chung-nhan-nguyen-thi-huong" in paper.headers["Content-Disposition"]


def assert_goes_on_while_the_store_hangs(
    store: ObjectStoreServer, one: str, trainee: requests.Session, page: str
) -> None:
    store.fault = "hang"
    answers: list[requests.Response] = []
    paper = ("giay2.pdf", PDF, "application/pdf")
    waits = threading.Thread(
        target=lambda: answers.append(send(trainee, one + page, {}, paper=paper))
    )
    waits.start()
    until(lambda: store.asked[-1][0] == "PUT", seconds=30, what="the paper is on its way")

    begun = time.monotonic()
    assert trainee.get(one + page, timeout=10).ok
    assert requests.get(f"{one}/health/live/", timeout=10).ok
    assert time.monotonic() - begun < 5
    assert not answers
    store.end_hang()
    waits.join(40)
    # The second try of the same request reached it.
    assert answers[0].ok
