"""Commune and district of a row as one unit, with what the letterhead says of them."""

from collections.abc import Sequence

from django.utils.functional import cached_property

from lms.core.refusal import Refusal
from lms.geography.domain.finding import PlaceName, UnitIndex
from lms.geography.enums import Level
from lms.spreadsheets.import_rows import RefusalOnRow, SheetRow


class PlacesOfRows:
    """Part of a resource whose rows name units of one edition."""

    edition_id: int | None
    head: Sequence[str]

    @cached_property
    def units(self) -> UnitIndex:
        return UnitIndex(self.edition_id)

    def place(self, row: SheetRow, district_key: str, key: str) -> None:
        """Put commune and district of the row as one unit under `key`."""
        texts = {name: row.values.pop(name, "") for name in (district_key, key)}
        district = within = None
        for name, level in ((district_key, Level.DISTRICT), (key, None)):
            if texts[name]:
                with RefusalOnRow(row, name) as asked:
                    within = self._find(texts[name], level, district)
                if asked.refusal:
                    return
                district = within
        if within is not None:
            row.values[key] = within

    def _find(self, text: str, level: Level | None, district: PlaceName | None) -> PlaceName:
        """Find the unit; of several with this name the one in the district of the letterhead."""
        try:
            return self.units.find(text, level=level, within=district)
        except Refusal as refusal:
            if refusal.code != "unit_ambiguous" or self._district_of_head is None:
                raise
            return self.units.find(text, level=level, within=self._district_of_head)

    @cached_property
    def _district_of_head(self) -> PlaceName | None:
        return self.units.district_in(self.head)
