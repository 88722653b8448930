"""What points at a person in certificates: who did what to one, which no merge rewrites."""

from collections.abc import Iterator

from certificates.models import Certificate, CertificateEvent
from lms.accounts.extensions import PeopleReference, PersonalRecords


def people_in_certificates() -> Iterator[PeopleReference]:
    yield PeopleReference(
        model=CertificateEvent,
        field="by",
        stays_because="The events of the register are only ever added.",
    )


def records_in_certificates() -> Iterator[PersonalRecords]:
    fields = ("serial", "status", "issued_at", "enrolment.run.title", "code")
    yield PersonalRecords(Certificate, "enrolment__user", fields)
