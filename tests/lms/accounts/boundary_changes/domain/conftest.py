"""The four editions that the suite ships."""

import pytest

from lms.geography.domain.files import SHIPPED
from lms.geography.domain.loading import load_boundaries
from lms.geography.models import BoundaryEdition


@pytest.fixture
def editions():
    load_boundaries(folder=SHIPPED)
    return {edition.code: edition for edition in BoundaryEdition.objects.all()}
