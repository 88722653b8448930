"""A new boundary edition taken in as a list, and taken back as a whole."""

import unicodedata
from datetime import date

import pytest

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.models import Posting
from lms.geography.domain.files import SHIPPED
from lms.geography.domain.loading import load_boundaries
from lms.geography.domain.take_back import take_back_edition
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitCover, UnitSuccession
from lms.importing.models import ImportWrite
from tests.factories.accounts import PostingFactory, browse
from tests.factories.boundaries import (
    NEW,
    changed,
    commune,
    district,
    errors,
    everything,
    exported,
    new_rows,
    province,
    rehearse,
    warnings,
)
from tests.factories.geography import make_map, unit
from tests.factories.importing import outcomes, rehearsed, take_back, write
from tests.factories.rows import set_fields
from tests.refusing import refused
from tests.shared import shared

EDITIONS = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]


# --- What the register gives out it takes back ----------------------------------------


@pytest.mark.parametrize(
    ("code", "ending"), [*zip(EDITIONS, ("xlsx", "ods", "csv", "xlsx"), strict=True)]
)
def test_exported_edition_comes_back_as_same_in_every_row(editions, root, code, ending):
    file = exported(browse(root), code, ending)

    batch = rehearsed(file, by=root, kind="boundaries")

    assert set(outcomes(batch)) == {"same"}, errors(batch)
    assert batch.rows.count() == BoundaryEdition.objects.get(code=code).units.count()
    assert warnings(batch) == {}
    assert len(batch.choices["columns"]) == 13


def test_editions_taken_in_one_by_one_are_those_that_the_loader_writes(editions, root):
    client = browse(root)
    files = [exported(client, code) for code in EDITIONS]
    loaded = everything()
    UnitSuccession.objects.all().delete()
    AdministrativeUnit._base_manager.all().delete()
    BoundaryEdition.objects.all().delete()

    batches = [write(rehearsed(file, by=root, kind="boundaries")) for file in files]

    assert everything() == loaded
    assert [set(outcomes(batch)) for batch in batches] == [{"new"}] * 4
    assert AdministrativeUnit.find_problems() == ([], [], [], [], [])
    # The loader finds what it would have written itself.
    assert load_boundaries(folder=SHIPPED).units_added == 0
    for batch in reversed(batches):
        assert take_back(batch) == set()
    assert everything() == ([], [], [], [])


# --- A new edition ---------------------------------------------------------------------


@shared
def batch(administrator):
    """The list of the new edition, written."""
    return write(rehearse(*new_rows(), by=administrator))


def test_new_edition_is_made_of_the_list(batch):
    assert outcomes(batch) == ["new"] * 6
    edition = BoundaryEdition.objects.get(code=NEW)
    assert (edition.valid_from, edition.legal_basis) == (date(2020, 1, 1), "Nghị quyết 829")
    assert edition.valid_to is edition.in_use_from is None
    assert unit("13591", NEW).display_name == "xã Đức Lý, huyện Lý Nhân"
    assert unit("13591", NEW).get_parent() == unit("353", NEW)
    assert UnitCover.objects.filter(unit=unit("353"), covered=unit("353", NEW)).exists()


def test_posts_follow_into_an_edition_that_came_as_a_list(administrator):
    stays = PostingFactory(unit=unit("13384"), valid_from=date(2014, 1, 1))
    merged = PostingFactory(unit=unit("13588"), valid_from=date(2014, 1, 1))
    write(rehearse(*new_rows(), by=administrator))

    told = take_effect(edition=BoundaryEdition.objects.get(code=NEW), today=date(2026, 1, 1))

    assert (told.posts, told.waiting) == (2, [])
    now = {post.user: post.unit for post in Posting.objects.filter(valid_to=None)}
    assert now == {stays.user: unit("13384", NEW), merged.user: unit("13591", NEW)}


def test_undo_takes_the_whole_edition_back_and_its_areas(administrator):
    before = everything()
    batch = write(rehearse(*new_rows(), by=administrator))

    assert take_back(batch) == set()
    assert everything() == before


def stays(batch):
    """Why the edition is left on the register: the code, once the undo has told each unit."""
    rows = ImportWrite.objects.filter(row__batch=batch)
    told, kept = (
        take_back(batch),
        refused(take_back_edition, unit_ids=[*rows.values_list("object_pk", flat=True)]),
    )
    assert len(told) == 1
    return kept


def test_undo_leaves_an_edition_that_a_post_stands_on(batch):
    PostingFactory(unit=unit("13384", NEW), valid_from=date(2020, 1, 1))
    before = everything()

    assert stays(batch) == "edition_depended_on"
    assert everything() == before


def test_undo_leaves_an_edition_that_a_later_import_was_read_with(batch):
    set_fields(batch, edition=BoundaryEdition.objects.get(code=NEW))

    assert stays(batch) == "edition_depended_on"


def test_undo_leaves_an_edition_in_use(batch):
    take_effect(edition=BoundaryEdition.objects.get(code=NEW), today=date(2026, 1, 1))

    assert stays(batch) == "edition_in_use"


def test_undo_leaves_an_edition_that_a_later_one_goes_on_from(administrator, batch):
    later = [changed(row, whole=row["code"]) if "above" in row and row["above"] != "35" else row
             for row in new_rows()]  # fmt: skip
    later[0] = province(**{"from": "01/01/2025"})
    write(rehearse(*later, by=administrator, edition="2025-01-01"))

    assert stays(batch) == "edition_continued"
    assert BoundaryEdition.objects.count() == 3


def test_undo_leaves_an_edition_with_a_name_that_was_corrected(administrator, batch):
    write(rehearse(commune("13591", "Đức Lí", "353"), by=administrator))

    assert stays(batch) == "names_corrected"


def test_undo_of_an_edition_that_has_gone_says_so(batch):
    edition = BoundaryEdition.objects.get(code=NEW)
    AdministrativeUnit._base_manager.filter(edition=edition).delete()
    edition.delete()

    assert stays(batch) == "edition_deleted"


def test_child_may_stand_before_its_parent_and_facts_of_the_edition_in_any_row(administrator):
    rows = new_rows()
    told = {name: rows[0].pop(name) for name in ("from", "basis", "districts", "communes")}
    rows[3] |= told

    write(rehearse(*reversed(rows), by=administrator))

    assert BoundaryEdition.objects.get(code=NEW).legal_basis == "Nghị quyết 829"
    assert AdministrativeUnit.find_problems() == ([], [], [], [], [])
    assert unit("13384", NEW).get_parent() == unit("350", NEW)


def test_first_day_is_read_from_the_code_of_the_edition(administrator):
    rows = [changed(row, edition="1/1/2020") for row in new_rows()]
    del rows[0]["from"]

    write(rehearse(*rows, by=administrator))

    assert BoundaryEdition.objects.get(code=NEW).valid_from == date(2020, 1, 1)


def test_official_spelling_of_kinds_and_names_is_understood(administrator):
    rows = [
        province(kind="", name="Tỉnh Hà Nam", level="Tỉnh"),
        district("350", "Huyện Kim Bảng", kind=""),
        commune("13384", "Thị trấn Quế", "350", kind="Thị trấn", level="Thị trấn", whole="13384"),
        commune("13387", "Nguyễn Úy", "350", kind="", level="Xã", whole="13387"),
        district("353", "Lý Nhân", level="Cấp huyện"),
        commune("13591", "Đức Lý", "353", level="Cấp xã", whole="13591, 13588"),
    ]

    write(rehearse(*rows, by=administrator))

    named = AdministrativeUnit.objects.filter(edition__code=NEW)
    assert list(named.values_list("kind", "name")) == [
        ("tỉnh", "Hà Nam"),
        ("huyện", "Kim Bảng"),
        ("thị trấn", "Quế"),
        ("xã", "Nguyễn Úy"),
        ("huyện", "Lý Nhân"),
        ("xã", "Đức Lý"),
    ]


def test_names_of_a_mac_are_stored_composed(administrator):
    rows = [
        {key: unicodedata.normalize("NFD", text) for key, text in row.items()} for row in new_rows()
    ]

    write(rehearse(*rows, by=administrator))

    assert unit("13387", NEW).name == unicodedata.normalize("NFC", "Nguyễn Úy")


def test_zeros_that_a_table_has_lost_are_put_back(root):
    make_map("2013-07-24")
    first = rehearse(
        province(code="1", districts="1", communes="1"),
        district("1", "Ba Đình", kind="quận", above="1"),
        commune("1", "Phúc Xá", "1", kind="phường"),
        by=root,
    )

    # “1” stands for the province and for the district above: nobody can tell.
    assert errors(first) == {}
    write(first)
    below = unit("01", NEW).get_descendants()
    assert list(below.values_list("code", flat=True)) == ["001", "00001"]
