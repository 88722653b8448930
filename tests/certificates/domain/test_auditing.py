from datetime import date

from certificates.domain.auditing import audit_register
from certificates.domain.rendering import render_file
from certificates.models import Certificate, RegisterBook, private_storage
from tests.factories.certificates import completed, issued
from tests.factories.geography import unit


def findings():
    return [(finding.serial, str(finding.fault)) for finding in audit_register()]


def test_sound_register(certificate, run):
    render_file(certificate_id=certificate.pk)
    issued(completed(run, unit("13588")))

    assert findings() == []


def test_missing_number(certificate, run):
    issued(completed(run, unit("13588")))
    certificate.events.all().delete()
    certificate.delete()

    assert findings() == [("1/2014/GCN-SLĐTBXH", "number missing")]


def test_number_that_the_book_never_gave_out(certificate):
    RegisterBook.objects.update(next_number=1)

    assert findings() == [("1/2014/GCN-SLĐTBXH", "number beyond the book")]


def test_serial_that_says_another_number(certificate):
    Certificate.objects.update(serial="7/2014/GCN-SLĐTBXH")

    assert findings() == [
        ("7/2014/GCN-SLĐTBXH", "serial differs"),
        ("7/2014/GCN-SLĐTBXH", "facts differ"),
    ]


def test_changed_facts(certificate):
    Certificate.objects.update(facts={**certificate.facts, "code": "000000000000"})

    assert findings() == [("1/2014/GCN-SLĐTBXH", "facts differ")]


def test_changed_and_missing_file(certificate):
    stored = render_file(certificate_id=certificate.pk)
    with open(stored.file.path, "ab") as file:  # noqa: PTH123
        file.write(b" ")
    assert findings() == [("1/2014/GCN-SLĐTBXH", "file changed")]

    private_storage().delete(stored.file.name)
    assert findings() == [("1/2014/GCN-SLĐTBXH", "file missing")]


def test_end_that_the_paper_does_not_tell(certificate):
    Certificate.objects.update(valid_until=date(2030, 1, 1))

    assert findings() == [("1/2014/GCN-SLĐTBXH", "facts differ")]
