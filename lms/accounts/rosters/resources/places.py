"""Commune and district of a row as one unit, with what the letterhead says of them."""

from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from lms.accounts.enums import SpellingKind
from lms.accounts.models import User
from lms.core.refusal import CatchRefusal, Refusal
from lms.geography.domain.finding import PlaceName, UnitIndex
from lms.geography.domain.place_texts import names_a_commune, places_in
from lms.geography.enums import Level
from lms.spreadsheets.import_rows import CommonColumn, RowResource, SheetRow, Surroundings

#: What people call the columns of the place.
COMMUNE_NAMES = ("Xã", "Xã/phường", "Xã, phường, thị trấn", "Đơn vị", "Đơn vị công tác", "Mã xã")
DISTRICT_NAMES = ("Huyện", "Huyện/thành phố", "Quận/huyện", "Mã huyện")


class PlaceColumn(CommonColumn):
    """A column of communes; addresses are one where they name more than villages."""

    only_as_read = True

    def reads(self, text: str) -> bool:
        return bool(places_in(text))


class PlacesOfRows(RowResource):
    """A list whose rows name units of one edition."""

    #: Whether a commune in the title is that of the people: a class is held in one as well.
    title_tells_commune = True

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        #: By sheet: the district that its letterhead names.
        self._districts: dict[str, PlaceName | None] = {}
        #: By sheet: what its title tells.
        self._titles: dict[str, dict[str, str]] = {}

    @cached_property
    def units(self) -> UnitIndex:
        return UnitIndex(self.edition_id)

    def read_around(self, around: Surroundings) -> dict[str, str]:
        """Return commune and district that the groups, the sheet's name or the title tell, the
        nearest first.

        A district counts where it stands with the rows; that of the letterhead is asked for names
        that repeat. Where no commune is told, the rows of a district are those of its offices.
        """
        near = [text for text in (*reversed(around.groups), around.sheet) if text]
        named = [self._called(text, Level.DISTRICT) for text in near]
        district = next((next(iter(units)) for units in named if len(units) == 1), None)
        within = district or self.units.district_in(around.head)
        told = {"district": district.display_name} if district else {}
        head = reversed(around.head) if self.title_tells_commune else ()
        for text in (*near, *head):
            find = self._called if text in near else self.units.named_in
            communes = find(text, Level.COMMUNE)
            if communes or (text in near and names_a_commune(text)):
                # One that is on no map is asked about; it is never that of the title above.
                unit = _one_of(communes, within) if communes else text
                return {**told, "unit": unit} if unit else told
        if named and len(named[0]) == 1:
            told["unit"] = told["district"]
        return told

    def is_of_title(self, row: SheetRow, key: str) -> bool:
        """Return whether the place of the row is only that of the title of its list."""
        if key not in self.told:
            return False
        if row.sheet not in self._titles:
            self._titles[row.sheet] = self.read_around(Surroundings(head=tuple(self.head_of(row))))
        return self._titles[row.sheet].get(key) == row.cells.get(key)

    def _called(self, text: str, level: Level) -> set[PlaceName]:
        return self.units.named_in(text, level) or self.units.called(text, level)

    def place(self, row: SheetRow, district_key: str, key: str) -> None:
        """Put commune and district of the row as one unit under `key`."""
        texts = {name: row.values.pop(name, "") for name in (district_key, key)}
        district = within = None
        for name, level in ((district_key, Level.DISTRICT), (key, None)):
            if texts[name]:
                within = self._find_or_ask(row, name, texts[name], level, district)
                if within is None:
                    return
                district = within
        if within is not None:
            row.values[key] = within

    def _find_or_ask(
        self,
        row: SheetRow,
        key: str,
        text: str,
        level: Level | None,
        district: PlaceName | None,
    ) -> PlaceName | None:
        """Find the unit, else the one that a person has said this spelling means; refuse the cell
        where nobody has.
        """
        with CatchRefusal() as asked:
            return self._find(row, text, level, district)
        spelling = f"{text}, {district.display_name}" if district else text
        kind = SpellingKind.DISTRICT if level else SpellingKind.UNIT
        meant = self.units.with_code(self.spellings.meaning(kind, spelling) or "")
        if meant is None:
            self.spellings.ask(kind, spelling)
            row.refuse(key, asked.code, asked.message)
        else:
            row.notes[key] = _("“%(text)s” is taken as %(meant)s, as you have said.") % {
                "text": text,
                "meant": meant,
            }
        return meant

    def _find(
        self, row: SheetRow, text: str, level: Level | None, district: PlaceName | None
    ) -> PlaceName:
        """Find the unit; of several with this name the one in the district of the letterhead."""
        try:
            return self.units.find(text, level=level, within=district)
        except Refusal as refusal:
            of_head = self._district_of_head(row) if refusal.code == "unit_ambiguous" else None
            if of_head is None:
                raise
            return self.units.find(text, level=level, within=of_head)

    def _district_of_head(self, row: SheetRow) -> PlaceName | None:
        if row.sheet not in self._districts:
            self._districts[row.sheet] = self.units.district_in(self.head_of(row))
        return self._districts[row.sheet]


def _one_of(communes: set[PlaceName], district: PlaceName | None) -> str:
    """Return the one commune, in the district where the name repeats; "" where a title names
    two.
    """
    inside = {one for one in communes if district and one.path.startswith(district.path)}
    fit = inside or communes
    names = {one.display_name for one in fit} if len(fit) == 1 else {one.name for one in fit}
    return names.pop() if len(names) == 1 else ""
