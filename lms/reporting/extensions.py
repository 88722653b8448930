"""What a plug-in may add to reports. Register in `AppConfig.ready()`; see docs/extending.md."""

from abc import ABC, abstractmethod

from django.db.models import QuerySet
from django.utils.functional import Promise

from courses.models import Enrolment
from lms.core.registry import Registry


class ReportColumn(ABC):
    """A figure beside the completion of each district and commune.

    `count` answers for all units at once, in a constant number of queries.
    """

    key: str
    label: str | Promise

    @abstractmethod
    def count(self, enrolments: QuerySet[Enrolment]) -> dict[int, int]:
        """The figure by the id of the unit stamped on the enrolment.

        `enrolments` holds those that count and that the reader may see. Units without a figure may be
        left out. A figure must add up over units: each thing is counted in one unit.
        """


report_columns: Registry[ReportColumn] = Registry("report columns")
