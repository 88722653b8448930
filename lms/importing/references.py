"""What points at a person in importing: the imports follow whoever made them."""

from collections.abc import Iterator

from lms.accounts.extensions import PeopleReference, PersonalRecords
from lms.importing.models import ImportBatch


def people_in_imports() -> Iterator[PeopleReference]:
    yield PeopleReference(model=ImportBatch, field="by", follows=True)


def records_in_imports() -> Iterator[PersonalRecords]:
    yield PersonalRecords(ImportBatch, "by", ("file_name", "state", "uploaded_at"))
