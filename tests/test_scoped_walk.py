"""Every address of the site and of the admin, walked by people of another district.

Nothing of Lý Nhân may stand in an answer to somebody of Kim Bảng, and nothing there may change.
A new view is walked without being named here, as soon as `tests/walk` knows a row for it.
"""

import io
import logging
import re
import zipfile
from http import HTTPStatus
from urllib.parse import parse_qs

import pytest
from django.db import connection, transaction
from django.urls import reverse

from courses.models import CourseRun
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.shared import shared
from tests.walk.addresses import Address, every_address
from tests.walk.scenario import Scenario, make_scenario
from tests.walk.walker import DOORS, Walker, is_refused

pytestmark = [
    # Wagtail leaves the file open from which it makes a smaller picture.
    pytest.mark.filterwarnings(
        "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
    ),
]

# A role in Kim Bảng and nowhere else; a trainee, and nobody at all.
WALKERS = {
    **dict.fromkeys((Role.ADMINISTRATOR, Role.MONITOR, Role.COORDINATOR), "350"),
    Role.FOCAL_POINT: "13387",
    **dict.fromkeys((Role.TRAINER, Role.REVIEWER), "350"),
    "trainee": "",
    "anonymous": "",
}
# What is typed into a search finds the secrets and is none.
SEARCHES = ({"q": "kin"},)
# The other forms are made of the same rows (`tests/test_exports.py`).
EXPORTS = ({"export": "csv"},)
# Wagtail's own views fail on a form without fields, and on purpose; the health of a worker that
# does not run is an error.
MAY_FAIL = ("wagtail", "health_")
# Whatever else a database is told may change it.
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")
# What all areas share, what is the reader's own, and addresses that tell nobody anything.
SHARED = re.compile(
    r"wagtail|health_|own_data_file|course_outline|notices:stop|imports:blank|reporting:quality_"
    r"|courses:(course|module|lesson|complete_lesson)$|(questions|quizzes|days_off|reminder_rules):"
    r"|question_|certificate_templates:"
)
# What answers without a log-in, or is not there; all else leads to the log-in and back.
OPEN_TO_ALL = re.compile(
    r"(home|admin_door|accessibility|offline|service_worker|manifest|set_language)$"
    r"|health_|account_|mfa_authenticate|messaging:|notices:stop|certificates:verify"
    r"|courses:(about|help|faq)$|attendance:(feed|roll_lines)$|\^media/"
    r"|wagtailadmin_(sprite|javascript_catalog|password_reset|log)|wagtaildocs_authenticate"
    r"|wagtailcore_(authenticate|login)"
)
MENU = re.compile(rb'<script id="wagtail-sidebar-props".*?</script>', re.DOTALL)


@shared
def scenario(edition):
    return make_scenario()


@shared
def walkable(scenario):
    return every_address(scenario)


@pytest.fixture
def addresses(walkable):
    return walkable[0]


@pytest.fixture(autouse=True)
def _without_log():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def signed_in(walker, code):
    if walker == "anonymous":
        return Walker()
    user = UserFactory(full_name="Người đi qua")
    if walker == "trainee":
        PostingFactory(user=user, unit=unit("13387"))
    else:
        assign_role(user=user, role=Role(walker), unit=unit(code))
    return Walker(user)


def text_of(response):
    """Everything that a reader of the answer could find: headers, messages, words, the cells of a file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if getattr(response, "file_to_stream", None):
        response.file_to_stream.close()
    words = [*map(str, response.headers.values()), *response.told]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            words += [book.read(name).decode(errors="replace") for name in book.namelist()]
    else:
        words.append(content.decode(errors="replace"))
    return " ".join(words)


def questions(address: Address, first):
    """What a page that opened can be asked besides."""
    if first.status_code != HTTPStatus.OK or address.is_filled:
        return ()
    if address.has_results:
        # The window of a chooser has no export.
        return () if address.name.endswith("choose") else EXPORTS
    if address.name.endswith("_file"):
        return EXPORTS
    return SEARCHES if "q" in first.asked_for else ()


def looked_at(client, address):
    first = client.get(address.path)
    yield "GET", first
    for query in questions(address, first):
        yield f"GET {query}", client.get(address.path, query)


def sent(client, address, scenario, before):
    """The answer to a form without fields, taken back; whether it changed anything there."""
    written = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(READS):
            written.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = client.post(address.path)
        changed = bool(written) and scenario.state() != before
        transaction.set_rollback(True)
    return response, changed


def is_kept(client, address, response):
    """Whether a shared phone or a proxy may show again what a person was answered."""
    said = response.get("Cache-Control", "")
    if address.name == "wagtaildocs_serve":
        # Tells nothing of a person; it is asked for anew each time, and rights with it.
        return "no-cache" not in said and "no-store" not in said
    is_same_for_all = "public" in said and "Cookie" not in response.get("Vary", "")
    return "sessionid" in client.cookies and "no-store" not in said and not is_same_for_all


def walk(client, scenario, addresses):
    """What was told, changed or broken, by address: a sentence each."""
    before, found = scenario.state(), []
    for address in addresses:
        answers = list(looked_at(client, address))
        # Whoever is sent away from a list is sent away with a form, too.
        is_open = not is_refused(answers[0][1]) or answers[0][1].status_code == 405
        if address.is_filled and not is_refused(answers[0][1]) and not SHARED.match(address.name):
            found.append(f"GET {address.path} opens: {answers[0][1].status_code}")
        if address.takes_forms and (address.is_filled or is_open):
            response, changed = sent(client, address, scenario, before)
            answers.append(("POST", response))
            if changed:
                found.append(f"POST {address.path} changed Lý Nhân")
        for how, response in answers:
            found += [
                f"{how} {address.path} tells {it}" for it in scenario.told_by(text_of(response))
            ]
            if is_kept(client, address, response):
                found.append(f"{how} {address.path} may be kept: {response.get('Cache-Control')}")
            if response.status_code >= 500 and not address.name.startswith(MAY_FAIL):
                found.append(f"{how} {address.path} fails: {response.status_code}")
    return found


@pytest.mark.django_db
def test_every_view_is_walked(walkable):
    assert walkable[1] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("walker", "code"), WALKERS.items(), ids=WALKERS)
def test_no_address_tells_or_changes_anything_of_another_district(
    scenario, addresses, walker, code
):
    assert walk(signed_in(walker, code), scenario, addresses) == []


@pytest.mark.django_db
def test_nobody_gets_in_without_a_log_in_and_all_are_led_back(addresses):
    client, elsewhere = signed_in("anonymous", ""), []

    for address in addresses:
        if not OPEN_TO_ALL.match(address.name):
            door, _question, query = client.get(address.path).get("Location", "").partition("?")
            if door not in DOORS or parse_qs(query) != {"next": [address.path]}:
                elsewhere.append((address.name, door, query))

    assert elsewhere == []


@pytest.mark.django_db
def test_every_secret_is_told_to_the_own_district(scenario: Scenario, addresses):
    """The walk would also pass on a site that shows nothing to anybody."""
    client = signed_in(Role.ADMINISTRATOR, "353")
    told: set[str] = set()

    for address in addresses:
        if (address.is_filled or address.is_results) and told != set(scenario.secrets):
            told.update(scenario.told_by(text_of(client.get(address.path))))

    assert told == set(scenario.secrets)


@pytest.mark.django_db
def test_menu_of_the_admin_is_the_same_on_each_page(scenario, make_official):
    """A walker has it made for one page alone (`tests/walk/walker.py`)."""
    person = make_official(Role.ADMINISTRATOR, "353")
    own = reverse("runs:edit", args=[scenario.rows[CourseRun].pk])
    pages = ("/quan-tri/", own, "/quan-tri/users/", "/quan-tri/reports/site-history/")

    menus = [MENU.findall(Walker(person).get(page).content) for page in pages]

    assert menus == [menus[0]] * len(pages)
    assert b"/quan-tri/runs/" in menus[0][0]


@pytest.mark.django_db
def test_no_bulk_action_names_anybody_of_another_district(scenario):
    client = signed_in(Role.ADMINISTRATOR, "350")

    for model, row in scenario.rows.items():
        for action in ("delete", "assign_role", "set_active_state", "publish", "move"):
            kind = f"{model._meta.app_label}/{model._meta.model_name}"
            response = client.get(f"/quan-tri/bulk/{kind}/{action}/", {"id": row.pk})
            assert response.status_code in (302, 404)
            assert scenario.told_by(text_of(response)) == []
