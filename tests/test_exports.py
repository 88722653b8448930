"""Every file of a list holds what its page shows, says what it holds, and is logged.

A new list is met without being named here, as soon as `tests/walk` knows its address.
"""

import re
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

import django_filters
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.models import CoursePage, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from lms.scoped_admin.viewsets import registered_scoped_viewsets
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import browse
from tests.factories.files import content_of, head_of, sheet_rows
from tests.factories.importing import rehearsed
from tests.reading import html_of
from tests.shared import shared
from tests.walk.addresses import every_address
from tests.walk.scenario import make_scenario

# The page whose list a file holds, where the name does not say it.
PAGES = {
    "courses:run_trainees_file": "courses:run_detail",
    "courses:run_gains_file": "courses:run_detail",
    "reporting:quality_file": "reporting:quality_list",
}
# Files of one person or of one paper.
NO_LISTS = (
    *("own_data_file", "courses:profile_file", "courses:transcript_file"),
    "attendance:paper_file",
    "reporting:snapshot_file",
)


@shared
def scenario(edition):
    made = make_scenario()
    ProgrammeRequirement.objects.create(
        programme=Programme.objects.first(),
        course=CoursePage.objects.first(),
        cadre=Cadre.COLLABORATOR,
    )
    return made


@pytest.fixture
def client(scenario):
    return browse(User.objects.get(staff_code="SU1"))


@pytest.fixture
def lists(client):
    """The lists of the admin by the address of their page."""
    reverse("wagtailadmin_home")
    return {
        viewset.url_namespace: (reverse(viewset.get_url_name("index")), viewset)
        for viewset in registered_scoped_viewsets()
    }


@shared
def site_files(scenario):
    """The files of the site by name: where the page is, and where the file."""
    found = {one.name: one.path for one in every_address(scenario)[0]}
    return {
        name: (found[PAGES.get(name, name.removesuffix("_file"))], path)
        for name, path in found.items()
        if name.endswith("_file") and name not in NO_LISTS
    }


def table_of(page):
    """The headings and the rows of the list on a page of the admin, as a reader sees them."""
    tables = own_part(page).select("table.listing")
    if not tables:
        return [], []
    # What is done with a row stands in its first cell.
    for actions in tables[-1].select("ul.actions, [data-controller=w-dropdown]"):
        actions.decompose()
    # How long ago a moment was changes while the test runs: the moment itself stands beside it.
    for moment in tables[-1].select("time[datetime]"):
        moment.string = f"{datetime.fromisoformat(moment['datetime']):%H:%M %d/%m/%Y}"
    headings = [words(one) for one in tables[-1].select("thead th")]
    return headings, [list(map(words, row.select("td"))) for row in tables[-1].select("tbody tr")]


def own_part(page):
    """The page without its frame, which takes longest to read; rows that are asked for alone have none."""
    _frame, sign, rest = page.content.partition(b"<main")
    return BeautifulSoup(sign + rest.partition(b"</main>")[0] or page.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


def all_asked(view):
    """Each order and each filter that the definition of a list knows, a choice of it at a time."""
    yield {"q": "la"}
    # The way back is the same list: most lists begin with the way there.
    yield from ({"ordering": one} for one in view.get_valid_orderings() if one.startswith("-"))
    filters = getattr(view.filters, "filters", {})
    for name, one in filters.items():
        if isinstance(one, django_filters.DateFromToRangeFilter):
            yield {f"{name}_from": "2014-05-06", f"{name}_to": "2014-05-09"}
        elif isinstance(one, django_filters.BooleanFilter):
            yield {name: "true"}
        else:
            yield from ({name: value} for value in list(choices_of(one.field))[:1])


def pages_of(client, address, viewset):
    """A list as it is; and sorted, searched and filtered, when a browser asks for the rows alone."""
    page = client.get(address)
    yield {}, page
    rows = reverse(viewset.get_url_name("index_results"))
    yield from ((asked, client.get(rows, asked)) for asked in all_asked(page.context["view"]))


def choices_of(field):
    for value, label in getattr(field, "choices", ()):
        inner = label if isinstance(label, (list, tuple)) else [(value, label)]
        yield from (str(one) for one, _words in inner if str(one))


def taken(client, address, ending="csv", **query):
    entries = ModelLogEntry.objects.filter(action=EXPORT_ACTION)
    before = entries.count()
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}{urlencode(query | {'export': ending})}")
    assert answer.status_code == 200, address
    content = content_of(answer)
    assert entries.count() == before + 1, address
    return content


def test_files_of_the_admin_hold_what_is_on_the_screen(client, lists):
    assert len(lists) > 14
    filled = 0
    for name, (address, viewset) in lists.items():
        for asked, page in pages_of(client, address, viewset):
            filled += holds_the_same(page, taken(client, address, **asked), (name, asked))
    assert filled > 60


@pytest.mark.parametrize(("role", "code"), [(Role.COORDINATOR, "353"), (Role.MONITOR, "35")])
def test_files_of_the_admin_hold_the_rows_of_their_reader(lists, make_official, role, code):
    reader, filled = browse(make_official(role, code)), 0
    for name, (address, _viewset) in lists.items():
        page = reader.get(address)
        if page.status_code == 200:
            filled += holds_the_same(page, taken(reader, address), name)
    assert filled > 4


def holds_the_same(page, content, place):
    """Whether there are rows; the file has those of the page and of the pages after it, as they stand."""
    headings, shown_rows = table_of(page)
    head, (columns, *rows) = parted(content)
    assert len(head) >= 3, place
    assert len(set(columns)) == len(columns), place
    assert not any("." in one or "_" in one for one in columns), place
    assert len(rows) == page.context["paginator"].count, place
    for column, heading in enumerate(headings):
        if heading:
            at = columns.index(heading)
            pairs = [(row[column], cells[at]) for row, cells in zip(shown_rows, rows, strict=False)]
            # A page tells beside a name whose it is.
            odd = [one for one in pairs if not one[0].startswith((one[1], shown(one[1])))]
            assert not odd, (place, heading, odd)
    return bool(rows)


def shown(cell):
    """A cell of a CSV as the page writes it: days and moments the other way round, nothing as –."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d))?", cell)
    if found is None:
        return cell
    day = f"{found[3]}/{found[2]}/{found[1]}"
    return f"{found[4]} {day}" if found[4] else day


def parted(content, ending="csv"):
    return head_of(content, ending), sheet_rows(content, ending)


def test_files_of_the_site_are_headed_and_logged(client, site_files):
    assert len(site_files) > 5
    for name, (page, address) in site_files.items():
        answer = client.get(address)
        if answer.status_code == 404:
            continue
        # Read to its end, or its file stays open.
        assert content_of(answer), name
        head, (columns, *_rows) = parted(taken(client, address))
        assert len(head) >= 4, name
        assert all(columns), name
        assert address in html_of(client.get(page)), name


def asked_on(address, soup):
    """The choices that a page of the site offers: of each filter the first, and each tab and order."""
    for form in soup.select("form:not([method=post])"):
        for field in form.select("select[name]"):
            values = [one["value"] for one in field.select("option[value]") if one["value"]]
            yield from (f"?{field['name']}={value}" for value in values[:1])
        if form.select("input[name=q]"):
            yield "?q=la"
    for link in soup.select("a[href*='?']"):
        path, _sign, query = link["href"].partition("?")
        if path in ("", address) and not {"page", "export"} & {*QueryDict(query)}:
            yield f"?{query}"


def test_files_of_the_site_hold_what_is_on_the_screen(client, site_files):
    # One page offers several files.
    part_of = cache(lambda address: own_part(client.get(address)))
    filled = 0
    for name, (address, file) in site_files.items():
        for asked in {"", *asked_on(address, part_of(address))}:
            page = part_of(address + asked)
            links = [one["href"] for one in page.select(f"a[href^='{file}?'][href$='export=csv']")]
            shown = page.select("table tbody tr")
            if not links or not shown:
                continue
            rows = sheet_rows(content_of(client.get(links[0])), "csv")[1:]
            # A sum may stand below the rows of the page.
            assert len(rows) - len(shown) in {0, len(page.select("table tfoot tr"))}, asked
            for row, cells in zip(shown, rows, strict=False):
                first = words(row.select("th, td")[0])
                assert any(first.startswith(one) for one in cells if one), (name, asked, first)
            filled += bool(rows)
    assert filled > 30


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        # A row of a record that was merged means the one that was kept, and so stands twice.
        ("wagtailusers_users?is_active=true", "people"),
        ("units", "boundaries"),
        ("programmes", "programmes"),
        ("required-courses", "requirements"),
        ("questions", "questions"),
        ("courses:run_trainees_file", "enrolments"),
        ("attendance:run_grid_file", "attendance"),
    ],
)
def test_what_leaves_comes_back_as_same(client, lists, site_files, name, kind, ending):
    name, _sign, query = name.partition("?")
    address = f"{lists[name][0]}?{query}" if name in lists else site_files[name][1]
    content = taken(client, address, ending)
    by = User.objects.get(staff_code="SU1")

    batch = rehearsed(SimpleUploadedFile(f"danh-sach.{ending}", content), kind=kind, by=by)

    rows = list(batch.rows.values_list("outcome", "errors", "warnings", "changes"))
    assert {outcome for outcome, *_told in rows} == {"same"}, rows
    if name in lists:
        assert batch.rows.count() == len(sheet_rows(content, ending)) - 1


WAGTAILS = {
    "wagtailadmin_reports:site_history": 200,
    "wagtailadmin_reports:aging_pages": 200,
    "wagtailadmin_reports:locked_pages": 200,
    "wagtailadmin_reports:page_types_usage": 404,
    "wagtailadmin_reports:workflow": 200,
    "wagtailadmin_reports:workflow_tasks": 200,
    "wagtailredirects:index": 200,
    "wagtailusers_groups:index": 404,
    "wagtailsites:index": 404,
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_wagtails_own_lists_have_a_head_and_are_logged(client, ending):
    for name, status in WAGTAILS.items():
        address = reverse(name)
        if status == 404:
            assert client.get(address, {"export": ending}).status_code == 404, name
            continue
        assert len(head_of(taken(client, address, ending), ending)) >= 3, name
