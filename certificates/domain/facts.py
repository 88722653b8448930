"""Every fact on a certificate, as it is on the day of issue; frozen with the certificate."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from certificates.models import CertificateTemplate
from courses.domain.runs import requirements_in_force
from courses.extensions import completion_criteria
from courses.models import Enrolment
from lms.core.addresses import absolute_url
from lms.core.text import nfc
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit

# The criterion that counts minutes, by its stored key: its plug-in may not be installed.
HOURS_CRITERION = "attendance_hours"
LANGUAGE_OF_THE_PAPER = "vi"


def collect_facts(
    *, enrolment: Enrolment, template: CertificateTemplate, at: datetime, until: date | None = None
) -> dict[str, Any]:
    """Return what a certificate issued now would say, but for its serial number and its code.

    Text and whole numbers only, days as ISO dates, `minutes` None where no hours are kept. Without
    an end it says nothing of one, as those before there were ends.
    """
    person, run = enrolment.user, enrolment.run
    with translation.override(LANGUAGE_OF_THE_PAPER):
        cadre = str(enrolment.get_cadre_display())
    return {
        "name": nfc(person.full_name),
        "year_of_birth": person.year_of_birth,
        "cadre": cadre,
        **_place_of(enrolment.unit),
        "course": nfc(run.course.title),
        "run_title": nfc(run.title),
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "minutes": _minutes_attended(enrolment),
        "is_sample": person.is_sample or run.programme.is_sample,
        **wording_of(template=template),
        "issued_at": at.isoformat(),
        "issued_on": timezone.localdate(at).isoformat(),
        **({"valid_until": until.isoformat()} if until else {}),
    }


def wording_of(*, template: CertificateTemplate) -> dict[str, Any]:
    """Return what the template gives to the facts; line breaks stay."""
    return {
        "issuer_code": template.issuer_code,
        "issuer_parent": nfc(template.issuer_parent),
        "issuer_name": nfc(template.issuer_name),
        "place": nfc(template.place),
        "title": _lines_of(template.title),
        "signer_position": _lines_of(template.signer_position),
        "signer_name": nfc(template.signer_name),
    }


def verify_url(*, code: str) -> str:
    """Return the public address behind the QR code."""
    path = reverse("certificates:verify", args=[code])
    return absolute_url(path)


def _place_of(unit: AdministrativeUnit) -> dict[str, str]:
    chain = [*unit.get_ancestors(), unit]
    names = {node.level: node.display_name for node in chain}
    return {
        "unit": unit.display_name,
        "district": names.get(Level.DISTRICT, ""),
        "province": names.get(Level.PROVINCE, ""),
    }


def _minutes_attended(enrolment: Enrolment) -> int | None:
    """Ask that one criterion alone: to judge all of them takes as long as the paper does."""
    criterion = completion_criteria.get(HOURS_CRITERION)
    asked = requirements_in_force(run=enrolment.run)
    params = next((row.params for row in asked if row.criterion == HOURS_CRITERION), None)
    if criterion is None or params is None:
        return None
    mine = Enrolment.objects.filter(pk=enrolment.pk)
    annotated = criterion.annotate(mine, run=enrolment.run, params=params).get()
    return criterion.judge(annotated, params=params).achieved or None


def _lines_of(text: str) -> str:
    return "\n".join(line for line in map(nfc, text.splitlines()) if line)
