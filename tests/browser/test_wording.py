"""No English left on a Vietnamese page: every page that each person can reach."""

from collections import defaultdict

import pytest

from tests.browser.conftest import PUBLIC, ROLES
from tests.browser.visiting import NOWHERE
from tests.browser.wording import english_in, words_of

# What stands in two languages on purpose: each language is named as those who speak it name it.
OWN_NAMES = {"English"}
# Wagtail writes so of a page that came with the suite and that nobody has published since.
NOBODY = ("wagtailadmin_reports:aging_pages", "None")
# Wagtail asks for these with the numbers of rows, which no link holds.
NEEDS_ROWS = "wagtail_bulk_action"


@pytest.mark.parametrize(
    "text",
    [
        "Save draft",
        "save changes",
        "Search",
        "3 pages found",
        "Add a new user",
        "You have no access",
    ],
)
def test_english_is_recognised(text):
    assert english_in(text)


@pytest.mark.parametrize(
    "text",
    ["Lưu bản nháp", "Email", "Phủ Lý", "the.trainee@mau.example", "Trần Văn An in và to", "PDF"],
)
def test_vietnamese_and_addresses_are_no_english(text):
    assert not english_in(text)


def test_words_of_a_page_are_what_is_read_or_spoken():
    page = """<html lang="vi"><title>Tên</title><script>Save</script><p hidden>Off <b>x</b></p>
        <p>Một <a title="hai" href="#">ba</a></p><button lang="en">English</button>
        <input type="submit" value="bốn"><img alt="năm" src="x"></html>"""

    assert words_of(page) == ["Tên", "Một", "hai", "ba", "bốn", "năm"]


@pytest.mark.browser
@pytest.mark.parametrize("role", [PUBLIC, *ROLES])
def test_no_english_is_left(walk, role):
    found = defaultdict(list)
    for visit in walk(role):
        for text in words_of(visit.html):
            known = text in OWN_NAMES or (visit.pattern, text) == NOBODY
            if not known and english_in(text):
                found[text].append(visit.address)

    assert {text: addresses[:3] for text, addresses in found.items()} == {}


@pytest.mark.browser
def test_walk_reaches_the_rooms_of_each_role(walk):
    """A walk that stops at the door would find nothing."""
    patterns = {role: {visit.pattern for visit in walk(role)} for role in (PUBLIC, *ROLES)}

    assert {"home", "account_login", "certificates:verify_form"} <= patterns[PUBLIC]
    assert {"courses:my_work", "courses:lesson", "courses:quiz_start"} <= patterns["trainee"]
    assert {"attendance:roll_call", "courses:run_detail"} <= patterns["trainer"]
    assert {"reporting:completion", "reporting:people"} <= patterns["coordinator"]
    assert {"reporting:completion", "wagtailadmin_home"} <= patterns["monitor"]
    assert {"wagtailadmin_pages:edit", "wagtailusers_users:index"} <= patterns["administrator"]


@pytest.mark.browser
@pytest.mark.parametrize("role", [PUBLIC, *ROLES])
def test_every_link_leads_somewhere(walk, role):
    broken = [
        (visit.address, visit.status)
        for visit in walk(role)
        if visit.status != 200 and visit.pattern not in (NOWHERE, NEEDS_ROWS)
    ]
    allowed = {
        PUBLIC: {("/xac-minh/ABCDEFGH2345/", 404)},
        "trainee": {("/styleguide/", 403), ("/quan-tri/login/?next=/quan-tri/", 403)},
    }

    assert set(broken) <= allowed.get(role, {("/styleguide/", 403)})
