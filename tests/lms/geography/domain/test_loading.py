"""Loading the official lists: all or nothing, once or twice, and every refusal by line."""

import unicodedata
from datetime import date

import pytest
from django.utils import translation

from lms.geography.domain.files import SHIPPED, BoundaryFileRefusal
from lms.geography.domain.loading import load_boundaries
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession
from tests.factories.geography import unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("bulk inserts and their limits")]


UNITS, EDITIONS, SUCCESSIONS = "units_2013-07-24.csv", "editions.csv", "successions.csv"


def refusal_of(folder, language="en"):
    """What the files of this folder are refused with."""
    with translation.override(language), pytest.raises(BoundaryFileRefusal) as caught:
        load_boundaries(folder=folder.path)
    return caught.value


def test_shipped_editions_load_whole_and_once_as_a_sound_tree_with_names():
    result = load_boundaries(folder=SHIPPED)

    assert (result.editions, result.units, result.successions) == (4, 378, 328)
    assert (result.editions_added, result.units_added, result.successions_added) == (4, 378, 328)
    counts = {
        edition.code: (edition.units.districts().count(), edition.units.communes().count())
        for edition in BoundaryEdition.objects.all()
    }
    assert counts == {
        "2013-07-24": (6, 116),
        "2020-01-01": (6, 109),
        "2025-01-01": (6, 98),
        "2025-07-01": (0, 33),
    }
    assert AdministrativeUnit.find_problems() == ([], [], [], [], [])
    kim_bang = unit("350")
    assert kim_bang.get_children().count() == 18
    assert kim_bang.get_parent() == unit("35")
    # A code that was used again is another unit in another edition.
    assert unit("13579").display_name == "xã Đạo Lý, huyện Lý Nhân"
    assert unit("13579", "2025-07-01").display_name == "xã Bắc Lý, tỉnh Ninh Bình"
    assert unit("13285", "2025-07-01").display_name == "phường Phủ Lý, tỉnh Ninh Bình"

    before = list(AdministrativeUnit.objects.order_by("pk").values())
    again = load_boundaries(folder=SHIPPED)

    assert (again.editions_added, again.units_added, again.successions_added) == (0, 0, 0)
    assert list(AdministrativeUnit.objects.order_by("pk").values()) == before
    assert UnitSuccession.objects.count() == 328


def test_number_of_statements_does_not_grow_with_units(folder, django_assert_num_queries):
    # Savepoint and release, known editions, three inserts, last root, ids, successions; then the
    # areas: two to read, the old ones and an insert each of places and covers.
    with django_assert_num_queries(15):
        load_boundaries(folder=folder.path)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_file_loads_in_each_usual_dress(folder, mark, delimiter, newline):
    for path in folder.path.iterdir():
        text = folder.read(path.name).replace(",", delimiter).replace("\n", newline)
        folder.write(path.name, mark + text)

    assert load_boundaries(folder=folder.path).units_added == 9


def test_decomposed_names_are_stored_composed(folder):
    text = folder.read("units_2013-07-24.csv")
    folder.write("units_2013-07-24.csv", unicodedata.normalize("NFD", text))

    load_boundaries(folder=folder.path)

    assert unit("13579").name == unicodedata.normalize("NFC", "Đạo Lý")


def test_children_may_stand_before_their_parents_and_are_named_with_the_district(folder):
    header, *rows = folder.read(UNITS).splitlines()
    folder.write(UNITS, "\n".join([header, *reversed(rows)]) + "\n")

    load_boundaries(folder=folder.path)

    assert AdministrativeUnit.find_problems() == ([], [], [], [], [])
    assert unit("13588").get_parent() == unit("353")
    assert unit("13588").display_name == "xã Bắc Lý, huyện Lý Nhân"
    assert unit("13588").search_text == "xa bac ly, huyen ly nhan"
    assert unit("353").display_name == "huyện Lý Nhân"


def test_empty_lines_are_passed_over(folder):
    folder.write("successions.csv", folder.read("successions.csv") + "\n,,,,\n")

    assert load_boundaries(folder=folder.path).successions_added == 3


REFUSALS = [
    # file, old text, new text, file named, line named, code
    (UNITS, "commune,13588", "village,13588", UNITS, 6, "not_a_choice"),
    (UNITS, "xã,Bắc Lý", "xã,", UNITS, 6, "column_empty"),
    (UNITS, "xã,Bắc Lý", "xã", UNITS, 6, "cell_count"),
    (UNITS, "parent_code", "parent", UNITS, 1, "column_missing"),
    (UNITS, "commune,13588,353,xã,Bắc Lý\n", "", EDITIONS, 2, "unit_count"),
    (EDITIONS, "Hà Nam,1,3", "Hà Nam,2,3", EDITIONS, 2, "unit_count"),
    (EDITIONS, "Hà Nam,1,3", "Hà Nam,1,ba", EDITIONS, 2, "not_a_number"),
    (EDITIONS, "2020-01-01,2020-01-01,", "2013-07-24,2020-01-01,", EDITIONS, 3, "edition_twice"),
    (EDITIONS, "2019-12-31", "31/12/2019", EDITIONS, 2, "not_a_date"),
    (EDITIONS, "2019-12-31", "2012-12-31", EDITIONS, 2, "days_wrong"),
    (EDITIONS, "Nghị quyết 829", "", EDITIONS, 3, "column_empty"),
    (SUCCESSIONS, "13588,2020", "13589,2020", SUCCESSIONS, 4, "unit_unknown"),
    (SUCCESSIONS, "13579,whole\n2", "13999,whole\n2", SUCCESSIONS, 3, "unit_unknown"),
    (SUCCESSIONS, "13588,2020", "13588,2021", SUCCESSIONS, 4, "edition_unknown"),
    (SUCCESSIONS, "13588,2020-01-01", "13588,2013-07-24", SUCCESSIONS, 4, "edition_skipped"),
    (SUCCESSIONS, "13579,whole\n2", "13579,most\n2", SUCCESSIONS, 3, "not_a_choice"),
]
# What one rule says of an edition, whether it comes as files or as a list.
BROKEN_RULES = [
    # file, old text, new text, line named, field, words of the sentence
    (UNITS, "13588,353", "13588,399", 6, "parent_code", "399"),
    (UNITS, "13588,353", "13588,", 6, "parent_code", "the unit above, –"),
    (UNITS, "13588,353", "13588,13576", 6, "parent_code", "Commune"),
    (UNITS, "13588,", "13576,", 6, "code", "appears on line 4"),
    (UNITS, "province,35,", "province,35,353", 2, "parent_code", "above it"),
    (SUCCESSIONS, "24,13588", "24,13579", 4, "whole", "appears on line 3"),
    (SUCCESSIONS, "24,13579", "24,13576", 3, "whole", "two successors"),
]


@pytest.mark.parametrize(("file", "old", "new", "named", "line", "code"), REFUSALS)
def test_spoilt_line_is_refused_by_name(folder, file, old, new, named, line, code):
    folder.replace(file, old, new)

    refusal = refusal_of(folder)

    assert (refusal.code, refusal.file, refusal.line) == (code, named, line)
    assert str(refusal).startswith(f"{named}, line {line}: ")
    assert not BoundaryEdition.objects.exists()
    assert not AdministrativeUnit.objects.exists()


@pytest.mark.parametrize(("file", "old", "new", "line", "field", "words"), BROKEN_RULES)
def test_unit_or_succession_against_a_rule_is_refused(folder, file, old, new, line, field, words):
    folder.replace(file, old, new)

    refusal = refusal_of(folder)
    assert (refusal.code, refusal.file, refusal.line) == ("rule_broken", file, line)
    assert refusal.field == field
    assert words in refusal.message


def _two_provinces(folder):
    province = "province,37,,tỉnh,Ninh Bình\n"
    folder.write("units_2020-01-01.csv", folder.read("units_2020-01-01.csv") + province)


def _skipped_edition(folder):
    third = "2025-01-01,2025-01-01,,Hà Nam,1,2,NQ 1288\n"
    folder.write("editions.csv", folder.read("editions.csv") + third)
    folder.write("units_2025-01-01.csv", folder.read("units_2020-01-01.csv"))
    folder.replace("successions.csv", "13588,2020-01-01", "13588,2025-01-01")


def _no_utf8(folder):
    path = folder.path / "units_2013-07-24.csv"
    path.write_bytes(path.read_bytes().replace("Bắc Lý".encode(), b"B\xbdc L\xfd"))


def _heading_alone(folder):
    folder.write("editions.csv", folder.read("editions.csv").splitlines()[0])


@pytest.mark.parametrize(
    ("spoil", "code", "file", "line"),
    [
        (_two_provinces, "province_count", "units_2020-01-01.csv", None),
        (_skipped_edition, "edition_skipped", "successions.csv", 4),
        (_no_utf8, "not_utf8", "units_2013-07-24.csv", 6),
        (_heading_alone, "no_edition", "editions.csv", None),
        (lambda folder: folder.write("editions.csv", ""), "column_missing", "editions.csv", 1),
        *[
            (lambda folder, file=file: (folder.path / file).unlink(), "file_missing", file, None)
            for file in ("editions.csv", "units_2020-01-01.csv", "successions.csv")
        ],
    ],
)
def test_spoilt_file_is_refused_by_name(folder, spoil, code, file, line):
    spoil(folder)

    refusal = refusal_of(folder)

    assert (refusal.code, refusal.file, refusal.line) == (code, file, line)


def test_refusal_speaks_vietnamese(folder):
    folder.replace(UNITS, "13588,353", "13588,399")

    sentence = str(refusal_of(folder, "vi"))

    assert sentence.startswith("units_2013-07-24.csv, dòng 6: ")
    assert "399" in sentence


def test_new_edition_joins_those_loaded_before(folder):
    load_boundaries(folder=folder.path)
    folder.replace("editions.csv", "2020-01-01,2020-01-01,,", "2020-01-01,2020-01-01,2024-12-31,")
    folder.write(
        "editions.csv", folder.read("editions.csv") + "2025-01-01,2025-01-01,,Hà Nam,1,2,NQ 1288\n"
    )
    folder.write("units_2025-01-01.csv", folder.read("units_2020-01-01.csv"))
    folder.write(
        "successions.csv",
        folder.read("successions.csv") + "2020-01-01,13576,2025-01-01,13576,whole\n",
    )

    result = load_boundaries(folder=folder.path)

    assert (result.editions_added, result.units_added, result.successions_added) == (1, 4, 1)
    assert BoundaryEdition.objects.get(code="2020-01-01").valid_to == date(2024, 12, 31)
    assert AdministrativeUnit.find_problems() == ([], [], [], [], [])


CHANGES_OF_LOADED = [
    (UNITS, "Bắc Lý", "Nam Lý", 6),
    (EDITIONS, "2013-07-24,2013-07-24", "2013-07-24,2013-07-25", 2),
    (SUCCESSIONS, "13588,2020-01-01,13579,whole", "13588,2020-01-01,13579,part", 4),
    (SUCCESSIONS, "13588,2020-01-01,13579", "13588,2020-01-01,13576", 4),
    (SUCCESSIONS, "2013-07-24,13588,2020-01-01,13579,whole\n", "", None),
]


@pytest.mark.parametrize(("file", "old", "new", "line"), CHANGES_OF_LOADED)
def test_loaded_edition_is_never_rewritten(folder, file, old, new, line):
    load_boundaries(folder=folder.path)
    folder.replace(file, old, new)

    refusal = refusal_of(folder)

    assert (refusal.file, refusal.line) == (file, line)


def test_unit_lost_from_a_loaded_edition_is_refused(folder):
    load_boundaries(folder=folder.path)
    folder.replace("editions.csv", "Hà Nam,1,3", "Hà Nam,1,2")
    folder.replace("units_2013-07-24.csv", "commune,13588,353,xã,Bắc Lý\n", "")
    folder.replace("successions.csv", "2013-07-24,13588,2020-01-01,13579,whole\n", "")

    assert refusal_of(folder).code == "units_lost"
