from datetime import date

from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit


def split_commune() -> AdministrativeUnit | None:
    """A commune of the last edition before 07/2025 that was divided."""
    parts = AdministrativeUnit.objects.filter(edition__code="2025-01-01", successors__extent="part")
    return parts.order_by("path").first()


def history(user: User) -> list[tuple[str, str, date, date | None]]:
    rows = Posting.objects.filter(user=user).order_by("valid_from", "pk")
    return [(one.unit.edition.code, one.unit.code, one.valid_from, one.valid_to) for one in rows]
