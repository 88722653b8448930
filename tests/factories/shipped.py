"""The editions that the suite ships: checked and reckoned once a process, then copied."""

from django.db.models import Model

from lms.geography.domain.files import SHIPPED
from lms.geography.domain.loading import load_boundaries
from lms.geography.models import (
    AdministrativeUnit,
    BoundaryEdition,
    UnitCover,
    UnitPlace,
    UnitSuccession,
)

# What loading writes, each after what it refers to.
_MODELS = (BoundaryEdition, AdministrativeUnit, UnitSuccession, UnitCover, UnitPlace)
_written: list[list[Model]] = []


def load_shipped() -> None:
    """Load the editions that the suite ships.

    The first time they are loaded in earnest. A copy has the numbers of that time: no sequence
    gives them out again, and where a map stands already nothing is copied.
    """
    if BoundaryEdition.objects.exists():
        load_boundaries(folder=SHIPPED)
    elif not _written:
        load_boundaries(folder=SHIPPED)
        _written.extend(list(model._base_manager.all()) for model in _MODELS)
    else:
        for model, rows in zip(_MODELS, _written, strict=True):
            model._base_manager.bulk_create(rows)
