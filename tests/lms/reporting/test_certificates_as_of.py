"""Certificates as of a past day: issued, revoked and replaced keep their days."""

from datetime import date, datetime

from certificates.domain.decisions import replace_certificate, revoke_certificate
from courses.domain.history import record_enrolments
from lms.reporting.domain.tables import completion_table_as_of
from tests.factories.accounts import UserFactory
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.reporting import DONE_AT, HANOI, asked_of, enrolled, table_of


def at(month, day):
    return datetime(2014, month, day, 9, 0, tzinfo=HANOI)


def test_certificates_of_a_past_evening_are_those_in_force_then(world, monitor):
    """Two issued on 1 June; one replaced on 10 June, the other revoked on 20 June."""
    CertificateTemplateFactory()
    by = UserFactory()
    people = [enrolled(world, "350", "13384", completed=True) for _each in range(2)]
    record_enrolments(enrolments=people, at=DONE_AT)
    kept, lost = (issued(one, at(6, 1)) for one in people)

    def told(month, day):
        asked = asked_of(world, monitor, on=date(2014, month, day))
        table = completion_table_as_of(**asked)
        return table.total.figures.extra.get("certificates.issued", 0)

    assert told(6, 1) == 2
    replace_certificate(certificate=kept, by=by, reason="Sai tên", at=at(6, 10))
    revoke_certificate(certificate=lost, by=by, reason="Nhầm", at=at(6, 20))

    # The eve of the first day has none; a replaced one counts once, with the new one in its place.
    assert told(6, 1) == 2
    assert told(6, 9) == 2
    assert told(6, 10) == 2
    assert told(6, 19) == 2
    assert told(6, 20) == 1
    live = table_of(world, monitor, on=date(2014, 6, 21)).total
    assert live.figures.extra["certificates.issued"] == told(6, 21) == 1
    assert told(5, 31) == 0
