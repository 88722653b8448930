import pytest
from django.core.management import CommandError, call_command

from certificates.models import Certificate
from tests.reading import numbers


def test_sound_register_is_said_to_be_sound(certificate, capsys):
    call_command("check_register")

    assert numbers(capsys.readouterr().out) == [1, 1]


def test_faults_are_named_and_fail_the_command(certificate, capsys):
    Certificate.objects.update(facts={**certificate.facts, "code": "0"})

    with pytest.raises(CommandError, match=r"^1 \w+ in 1 "):
        call_command("check_register")
    assert capsys.readouterr().err == "1/2014/GCN-SLĐTBXH: facts differ\n"
