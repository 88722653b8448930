"""What points at a person in certificates: who did what to one, which no merge rewrites."""

from collections.abc import Iterator

from certificates.models import CertificateEvent
from lms.accounts.extensions import PeopleReference


def people_in_certificates() -> Iterator[PeopleReference]:
    yield PeopleReference(
        model=CertificateEvent,
        field="by",
        stays_because="The events of the register are only ever added.",
    )
