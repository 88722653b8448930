"""Certificates as of a past day: issued, revoked and replaced keep their days."""

from datetime import date, datetime

from certificates.domain.decisions import replace_certificate, revoke_certificate
from courses.domain.history import record_enrolments
from lms.reporting.domain.tables import completion_table, completion_table_as_of
from tests.factories.accounts import UserFactory
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.reporting import DONE_AT, HANOI, enrolled


def at(month, day):
    return datetime(2014, month, day, 9, 0, tzinfo=HANOI)


def test_certificates_of_a_past_evening_are_those_in_force_then(world, monitor):
    """Two issued on 1 June; one replaced on 10 June, the other revoked on 20 June."""
    CertificateTemplateFactory()
    by = UserFactory()
    people = [enrolled(world, "350", "13384", completed=True) for _each in range(2)]
    record_enrolments(enrolments=people, at=DONE_AT)
    kept, lost = (issued(one, at(6, 1)) for one in people)
    asked = {
        "programme": world.programme,
        "edition": world.programme.edition,
        "reader": monitor,
    }

    def told(day):
        table = completion_table_as_of(on=date(2014, 6, day), **asked)
        return table.total.figures.extra.get("certificates.issued", 0)

    assert told(1) == 2
    replace_certificate(certificate=kept, by=by, reason="Sai tên", at=at(6, 10))
    revoke_certificate(certificate=lost, by=by, reason="Nhầm", at=at(6, 20))

    # The eve of the first day has none; a replaced one counts once, with the new one in its place.
    assert told(1) == 2
    assert told(9) == 2
    assert told(10) == 2
    assert told(19) == 2
    assert told(20) == 1
    live = completion_table(on=date(2014, 6, 21), **asked).total
    assert live.figures.extra["certificates.issued"] == told(21) == 1
    before = completion_table_as_of(on=date(2014, 5, 31), **asked).total
    assert before.figures.extra.get("certificates.issued", 0) == 0
