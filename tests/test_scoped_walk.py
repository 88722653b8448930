"""Every scoped list of the admin, walked by people of another district: nothing is told.

A new scoped viewset fails here until a row of Lý Nhân is made for it below, or until it is
named among those whose rows are nobody's in particular.
"""

import pytest
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate
from courses.models import CourseRun, Programme, Question, Quiz
from lms.accounts.domain.roles import assign_role
from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment, User
from lms.core.reports import registered_scoped_reports
from lms.core.viewsets import registered_scoped_viewsets
from lms.geography.models import AdministrativeUnit
from lms.importing.models import ImportBatch
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, sheet
from tests.factories.notifications import ReminderFactory

pytestmark = pytest.mark.django_db

# Must never reach Kim Bảng.
NAME = "Lê Thị Lạ"
CODE = "LN99999"
RUN_TITLE = "Lớp kín Lý Nhân"
SECRETS = (NAME, CODE, RUN_TITLE)

# Teaching material and wording: they belong to the province and name no trainee.
COMMON = {Programme, Question, Quiz, ReminderRule}
# What stands in an address besides the number of the row.
OTHER_KWARGS = {"decision": "revoke", "enrolment_pk": 1, "enrolment_id": 1, "row_pk": 1}
WALKERS = (Role.COORDINATOR, Role.MONITOR, Role.ADMINISTRATOR, Role.TRAINER)


@pytest.fixture
def rows(edition):
    """One row of Lý Nhân for each model that has a scoped list."""
    person = PostingFactory(unit=unit("13591"), user__full_name=NAME, user__staff_code=CODE).user
    CertificateTemplateFactory()
    run = make_run(make_course(), unit("353"), title=RUN_TITLE)
    enrolment = completed(run, unit("13591"), user=person)
    # No trainer: whoever plans a class may choose one from the whole province.
    role = assign_role(user=person, role=Role.COORDINATOR, unit=unit("353"))
    return {
        User: person,
        AdministrativeUnit: unit("13591"),
        RoleAssignment: role,
        CourseRun: run,
        Certificate: issued(enrolment),
        Reminder: ReminderFactory(user=person),
        ImportBatch: rehearsed(
            sheet((CODE, NAME, "1980", "Nữ", "", "Đức Lý", "CTV"), name=f"{RUN_TITLE}.csv"),
            by=person,
        ),
    }


@pytest.fixture(params=WALKERS)
def walker(request, edition):
    """Somebody of Kim Bảng with a role there and nowhere else."""
    user = UserFactory()
    assign_role(user=user, role=request.param, unit=unit("350"))
    client = Client()
    client.force_login(user)
    return client


def addresses(viewset, row):
    """The address of each view of the viewset that shows one row."""
    for pattern in viewset.get_urlpatterns():
        names = list(pattern.pattern.converters)
        if names:
            others = {name: OTHER_KWARGS[name] for name in names if name != "pk"}
            yield reverse(viewset.get_url_name(pattern.name), kwargs={"pk": row.pk, **others})


def body(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def tells_nothing(response):
    return not any(secret in body(response) for secret in SECRETS)


def test_every_scoped_list_is_walked(rows):
    assert {viewset.model for viewset in registered_scoped_viewsets()} - COMMON == set(rows)


def test_no_row_of_another_district_opens(walker, rows):
    walked = 0
    for viewset in registered_scoped_viewsets():
        if viewset.model in COMMON:
            continue
        for address in addresses(viewset, rows[viewset.model]):
            for ask in (walker.get, walker.post):
                response = ask(address)
                refused = response.status_code == 302 and response["Location"] == "/quan-tri/"
                assert refused or response.status_code in (404, 405), address
                assert tells_nothing(response), address
                walked += 1
    assert walked > 20


def test_no_list_shows_a_row_of_another_district(walker, rows):
    for viewset in registered_scoped_viewsets():
        for view in ("index", "index_results"):
            for query in ({}, {"q": "la"}, {"export": "csv"}):
                response = walker.get(reverse(viewset.get_url_name(view)), query)
                assert response.status_code in (200, 302)
                assert tells_nothing(response), (viewset, view, query)


def test_no_report_shows_a_row_of_another_district(walker, rows):
    for report in registered_scoped_reports():
        for query in ({}, {"export": "csv"}):
            assert tells_nothing(walker.get(reverse(report.index_url_name), query)), report


def test_no_form_offers_a_row_of_another_district(walker, rows):
    for viewset in registered_scoped_viewsets():
        if viewset.offers("add"):
            response = walker.get(reverse(viewset.get_url_name("add")))
            assert tells_nothing(response), viewset


def test_the_same_rows_open_for_their_own_district(rows):
    """The walk would also pass on a site that shows nothing to anybody."""
    user = UserFactory()
    assign_role(user=user, role=Role.ADMINISTRATOR, unit=unit("353"))
    client = Client()
    client.force_login(user)

    opened = {
        viewset.model
        for viewset in registered_scoped_viewsets()
        if viewset.model in rows
        and viewset.inspect_view_enabled
        and client.get(
            reverse(viewset.get_url_name("inspect"), args=[rows[viewset.model].pk])
        ).status_code
        == 200
    }

    assert opened == set(rows)


def test_home_page_and_search_of_the_admin_name_nobody_else(walker, rows):
    assert tells_nothing(walker.get("/quan-tri/"))
    assert tells_nothing(walker.get("/quan-tri/reports/site-history/", follow=True))


def test_bulk_actions_name_nobody_else(walker, rows):
    for model, row in rows.items():
        for action in ("delete", "assign_role", "set_active_state", "publish", "move"):
            address = reverse(
                "wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, action]
            )
            response = walker.get(address, {"id": row.pk})
            assert response.status_code in (302, 404)
            assert tells_nothing(response)
