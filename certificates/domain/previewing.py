"""What a template would print, before anybody gets it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from certificates.domain.facts import verify_url, wording_of
from certificates.domain.numbering import make_serial
from certificates.domain.rendering import render_pdf
from certificates.domain.validity import end_of_validity
from certificates.models import CertificateTemplate
from lms.core.codes import LENGTH


def preview_pdf(*, template: CertificateTemplate, at: datetime) -> bytes:
    """Render a certificate of nobody, marked as a sample; write nothing and take no number."""
    return render_pdf(facts=_sample_facts(template, at))


def _sample_facts(template: CertificateTemplate, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    code = "0" * LENGTH
    end = end_of_validity(issued_on=today, months=template.valid_months)
    return {
        "name": "Nguyễn Thị Mẫu",
        "year_of_birth": 1985,
        "cadre": "Cộng tác viên, tình nguyện viên thôn, xóm",
        "unit": "xã Mẫu, huyện Mẫu",
        "district": "huyện Mẫu",
        "province": "tỉnh Mẫu",
        "course": template.course.title if template.course else "Tên khoá tập huấn",
        "run_title": "Lớp tập huấn số 1",
        "starts_on": today.isoformat(),
        "ends_on": today.isoformat(),
        "minutes": 420,
        "is_sample": True,
        **wording_of(template=template),
        "issued_at": at.isoformat(),
        "issued_on": today.isoformat(),
        "valid_until": end and end.isoformat(),
        "serial": make_serial(number=0, year=today.year, issuer_code=template.issuer_code),
        "code": code,
        "verify_url": verify_url(code=code),
    }
