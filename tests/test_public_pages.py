"""Nothing of a parent or a core child stands on any address that answers without a log-in."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from certificates.enums import VerificationStatus
from certificates.models import Certificate
from courses.models import Enrolment
from lms.accounts.enums import Cadre, ConsentPurpose
from lms.accounts.models import User
from lms.core.codes import group_code
from tests.factories.accounts import ConsentFactory, PostingFactory
from tests.factories.attendance import IN_CLASS, entry, take_roll
from tests.factories.certificates import completed, issued
from tests.factories.geography import unit
from tests.reading import html_of
from tests.shared import shared
from tests.test_scoped_walk import text_of
from tests.walk.addresses import every_address
from tests.walk.scenario import make_scenario
from tests.walk.walker import Walker

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
    ),
]
NAME, CODE, GUARDIAN = "Đỗ Bé Riêng", "RIENG-01", "Đỗ Thị Giữ Kín"
# Pages that are there for everybody; a shorter list would pass on a site that is closed.
OPEN = {"home", "accessibility", "account_login", "certificates:verify", "certificates:verify_form"}


@shared
def scenario(edition):
    """Everything there can be about a core child: posts, consents, class, roll, certificate."""
    scenario = make_scenario()
    posting = PostingFactory(
        unit=unit("13591"),
        cadre=Cadre.CORE_CHILD,
        user__full_name=NAME,
        user__staff_code=CODE,
        consent__guardian=GUARDIAN,
    )
    child, session = posting.user, scenario.session
    ConsentFactory(user=child, purpose=ConsentPurpose.CERTIFICATE_NAME, guardian=GUARDIAN)
    enrolment = completed(session.run, unit("13591"), user=child, cadre=Cadre.CORE_CHILD)
    take_roll(session=session, entries=[entry(enrolment, "present")], by=child, at=IN_CLASS)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        status="completed", completed_at=enrolment.completed_at
    )
    certificate = issued(enrolment)
    certificate.file.save("giay.pdf", ContentFile(b"%PDF-1.4 " + NAME.encode()), save=False)
    Certificate.objects.filter(pk=certificate.pk).update(
        file=certificate.file.name, sha256="0" * 64
    )
    rows = scenario.rows | {User: child, Certificate: certificate}
    secrets = {text: forms(text) for text in (NAME, CODE, GUARDIAN)}
    return replace(scenario, rows=rows, enrolment=enrolment, secrets=secrets)


def forms(text):
    return (text, text.encode("unicode_escape").decode(), text.replace(" ", "%20"), text.upper())


def answers(scenario, pages):
    """Each page as it is, and asked for the child by name, code and certificate where it reads them.

    Where one leads is asked once, whatever it is to lead back to: mostly the log-in.
    """
    client, code, seen = Walker(), scenario.certificate.code, set()
    searches = ({"q": NAME, "code": code}, {"q": CODE, "code": group_code(code)})
    waiting = [(name, path, {}) for name, path in pages]
    for name, path, query in waiting:
        response = client.get(path, query)
        yield name, path, query, response
        if not query and response.asked_for & {"q", "code"}:
            waiting += [(name, path, search) for search in searches]
        target = response.get("Location", "")
        if target and (where := target.partition("?")[0]) not in seen:
            seen.add(where)
            waiting.append((name, target, {}))


def test_no_open_address_tells_of_a_minimal_record(scenario):
    opened, told = set(), []
    own = reverse("certificates:verify", args=[scenario.certificate.code])
    addresses, unknown = every_address(scenario)
    pages = [*((one.name, one.path) for one in addresses), ("certificates:verify", own)]

    for name, path, query, response in answers(scenario, pages):
        if response.status_code == HTTPStatus.OK:
            opened.add(name)
        found = scenario.told_by(text_of(response))
        told += [f"{path} {query} tells {secret}" for secret in found if not echoes(query, secret)]

    assert unknown == []
    assert told == []
    assert opened >= OPEN


def echoes(query, secret):
    """What was typed stands in the box again."""
    return secret in query.values()


def test_public_page_of_the_certificate_says_it_is_valid_without_a_name(scenario):
    own = reverse("certificates:verify", args=[scenario.certificate.code])

    response = Client().get(own)
    page = html_of(response)

    assert response.context["result"].status == VerificationStatus.VALID
    assert scenario.certificate.serial in page
    assert scenario.told_by(page) == []
