"""Many workers at once, on real connections."""

import pytest

from certificates.domain.issuing import issue_certificate
from certificates.models import Certificate, RegisterBook
from tests.at_once import ON_REAL_CONNECTIONS, at_once
from tests.factories.certificates import ISSUED_AT, CertificateTemplateFactory, completed
from tests.factories.courses import make_course, make_run
from tests.factories.geography import make_map, unit

# On SQLite: test_kill.py, with processes on a file.
pytestmark = ON_REAL_CONNECTIONS
THREADS = 8


@pytest.fixture
def enrolments():
    make_map()
    CertificateTemplateFactory()
    run = make_run(make_course(), unit("350"))
    return [completed(run, unit("13591")).pk for _person in range(24)]


def in_threads(work, items):
    """What comes of the work on each, done by eight threads."""
    parts = [items[place::THREADS] for place in range(THREADS)]
    done = at_once(*(lambda part=part: [work(item) for item in part] for part in parts))
    return [outcome for part in done for outcome in part]


def numbers():
    return sorted(Certificate.objects.values_list("number", flat=True))


def test_numbers_are_gap_free_when_all_are_issued_at_once(enrolments):
    in_threads(lambda pk: issue_certificate(enrolment_id=pk, at=ISSUED_AT), enrolments)

    assert numbers() == list(range(1, 25))
    assert RegisterBook.objects.get().next_number == 25


def test_everybody_gets_one_certificate_when_each_is_asked_for_thrice(enrolments):
    issued = in_threads(
        lambda pk: issue_certificate(enrolment_id=pk, at=ISSUED_AT).pk, enrolments * 3
    )

    assert len(set(issued)) == 24
    assert numbers() == list(range(1, 25))


def test_numbers_are_gap_free_when_every_third_issue_fails(enrolments, monkeypatch):
    unlucky = set(enrolments[::3])
    create = Certificate.objects.create

    def fail_for_some(**fields):
        if fields["enrolment"].pk in unlucky:
            raise ZeroDivisionError
        return create(**fields)

    monkeypatch.setattr(Certificate.objects, "create", fail_for_some)

    def attempt(pk):
        try:
            issue_certificate(enrolment_id=pk, at=ISSUED_AT)
        except ZeroDivisionError:
            return "failed"
        return "issued"

    outcomes = in_threads(attempt, enrolments)

    assert outcomes.count("failed") == 8
    assert numbers() == list(range(1, 17))
