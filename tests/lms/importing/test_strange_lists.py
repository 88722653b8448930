"""What the guide says that becomes of strange lists is what becomes of them, written and undone."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.accounts.models import Posting, User
from lms.importing.enums import RowOutcome
from tests.factories.importing import rehearsed, take_back, write
from tests.lms.importing.strange_lists import LISTS

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "nhap-danh-sach.md"


def told(batch):
    """What the page says of the list, as the guide puts it."""
    found = Counter(batch.rows.values_list("outcome", flat=True))
    parts = [f"{found[one]} dòng **{one.label}**" for one in RowOutcome if one in found]
    warned = batch.rows.exclude(warnings={}).count()
    parts += [f"{warned} dòng **Cần lưu ý**"] if warned else []
    parts += [f"hỏi {len(batch.spellings)} cách ghi"] if batch.spellings else []
    lost = batch.choices["unmapped"]
    return "; ".join([*parts, f"nêu {len(lost)} cột không nhập"] if lost else parts)


def longest(ending):
    """What the list with the most names is called, of those of one format."""
    return max((one for one in LISTS if one[1] == ending), key=lambda one: len(one[3]))[0]


TAKEN_BACK = {longest(ending) for ending in ("xlsx", "ods", "xls", "csv")}


@pytest.mark.parametrize(
    ("called", "ending", "make", "names"), LISTS, ids=[one[0] for one in LISTS]
)
def test_strange_list_becomes_what_the_guide_says_and_is_taken_back_whole(
    called, ending, make, names, administrator, tmp_path
):
    file = SimpleUploadedFile(f"a.{ending}", make(tmp_path).read_bytes())
    batch = rehearsed(file, by=administrator)

    line = f"| {called} | {ending.upper()} | {told(batch)} |"
    assert line in GUIDE.read_text(), line
    new = User.objects.exclude(pk=administrator.pk)
    if names:
        write(batch)
    assert list(new.order_by("pk").values_list("full_name", flat=True)) == names
    if called in TAKEN_BACK:
        assert take_back(batch) == set()
        assert (new.exists(), Posting.objects.exists()) == (False, False)
