"""What takes minutes when a boundary edition takes effect."""

from celery import shared_task

from lms.accounts.boundary_changes.domain.apply_edition import carry_over
from lms.accounts.models import User
from lms.geography.models import BoundaryEdition


@shared_task(name="accounts.carry_over")
def carry_over_task(edition_id: int, by_id: int) -> None:
    """Carry over what follows by rule; queued once the edition is in use. A lost one is found
    by the page, which offers it again.
    """
    edition = BoundaryEdition.objects.exclude(in_use_from=None).get(pk=edition_id)
    assert edition.in_use_from is not None  # noqa: S101 (asked for)
    carry_over(edition=edition, on=edition.in_use_from, by=User.objects.get(pk=by_id))
