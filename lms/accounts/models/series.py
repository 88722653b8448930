from django.db import models


class StaffCodeSeries(models.Model):
    """The last running number given out for the people of one unit; never given a second time.

    `accounts.rosters.domain.staff_codes` counts it up. The code of a unit, not the unit: the number belongs to
    the person for good, whatever becomes of the map.
    """

    unit_code = models.CharField(max_length=10, unique=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.unit_code}: {self.last_number}"
