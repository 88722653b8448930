"""What somebody wants a programme to ask, looked at before it is saved."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from courses.models import Programme, ProgrammeRequirement
from lms.geography.models import BoundaryEdition

#: A cadre, and the id of a course that it has to complete.
Asked = tuple[str, int]


@dataclass(frozen=True)
class ProgrammeChange:
    """A stored programme, and all that it would ask, on the map on which it would report."""

    programme: Programme
    asked: frozenset[Asked]
    edition: BoundaryEdition

    @property
    def changes_figures(self) -> bool:
        """Whether it asks something else than what is stored, or reports on another map."""
        stored = Programme.objects.values_list("edition", flat=True).get(pk=self.programme.pk)
        return stored != self.edition.pk or asked_now(programme=self.programme) != self.asked


def asked_now(*, programme: Programme, besides: Collection[int] = ()) -> frozenset[Asked]:
    """Return what a programme asks as it is stored, besides the rows with these ids."""
    rows = ProgrammeRequirement.objects.filter(programme=programme).exclude(pk__in=besides)
    return frozenset(rows.values_list("cadre", "course"))


@contextmanager
def as_if_made(*, change: ProgrammeChange) -> Iterator[None]:
    """Let whoever counts in here count as if the change were made; nothing of it is kept."""
    programme = change.programme
    with transaction.atomic():
        ProgrammeRequirement.objects.filter(programme=programme).delete()
        ProgrammeRequirement.objects.bulk_create(
            ProgrammeRequirement(programme=programme, cadre=cadre, course_id=course)
            for cadre, course in sorted(change.asked)
        )
        try:
            yield
        finally:
            transaction.set_rollback(True)
