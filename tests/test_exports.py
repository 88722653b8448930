"""Every file of a list holds what its page shows, says what it holds, and is logged.

A new list is met without being named here, as soon as `tests/walk` knows its address.
"""

import re
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.models import CoursePage, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.scoped_admin.viewsets import registered_scoped_viewsets
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.files import content_of, head_of, sheet_rows
from tests.factories.importing import rehearsed
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
    client = Client()
    client.force_login(User.objects.get(staff_code="SU1"))
    return client


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
    """The headings and the first column of the list on a page of the admin."""
    tables = BeautifulSoup(page.content, "html.parser").select("main table.listing")
    if not tables:
        return [], []
    headings = [" ".join(one.get_text(" ").split()) for one in tables[-1].select("th")]
    titles = [" ".join(row.td.get_text(" ").split()) for row in tables[-1].select("tbody tr")]
    return [one for one in headings if one], titles


def taken(client, address, ending="csv", **query):
    entries = ModelLogEntry.objects.filter(action=EXPORT_ACTION)
    before = entries.count()
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}{urlencode(query | {'export': ending})}")
    assert answer.status_code == 200, address
    content = content_of(answer)
    assert entries.count() == before + 1, address
    return content


def test_files_of_the_admin_hold_the_columns_of_their_pages(client, lists):
    assert len(lists) > 14
    filled = 0
    for name, (address, _viewset) in lists.items():
        page = client.get(address)
        headings, titles = table_of(page)
        filled += bool(titles)

        head, (columns, *rows) = parted(taken(client, address))

        assert set(headings) <= set(columns), name
        assert len(set(columns)) == len(columns), name
        assert not any("." in one or "_" in one for one in columns), name
        assert len(head) >= 3, name
        first = columns.index(headings[0]) if headings else 0
        # The page has a part of a long list.
        rows = rows[: len(titles)] if "?p=2" in page.content.decode() else rows
        assert all(
            title.startswith(shown(row[first])) for title, row in zip(titles, rows, strict=True)
        ), name
    assert filled > 10


def shown(cell):
    """A cell of a CSV as the page writes it: moments the other way round."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d)", cell)
    return found.expand(r"\4 \3/\2/\1") if found else cell


def parted(content, ending="csv"):
    return head_of(content, ending), sheet_rows(content, ending)


def test_files_of_the_admin_honour_search_and_order(client, lists):
    for name, (address, viewset) in lists.items():
        page = client.get(address)
        orders = viewset.index_view_class.get_valid_orderings(page.context["view"])[-1:]
        for asked in ({"q": "la"}, *({"ordering": one} for one in orders)):
            page = client.get(address, asked)
            headings, titles = table_of(page)
            (columns, *rows) = sheet_rows(taken(client, address, **asked), "csv")
            first = columns.index(headings[0]) if headings else 0
            assert len(rows) == page.context["paginator"].count, (name, asked)
            pairs = [(title, shown(row[first])) for title, row in zip(titles, rows, strict=False)]
            assert all(title.startswith(cell) for title, cell in pairs), (name, asked)


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
        assert address in client.get(page).content.decode(), name


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
