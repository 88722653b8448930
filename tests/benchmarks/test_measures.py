"""What the bench says and how it ends, without measuring anything."""

import pytest
from django.utils.module_loading import import_string

from tests.benchmarks.__main__ import PARTS, main, measure
from tests.benchmarks.measures import Aim, Measure, NotMeasurableError


def a_measure(**figures: object) -> Measure:
    plain = {"value": "2 ms", "floor_name": "floor", "floor": "1 ms", "ratio": 2.0}
    return Measure(name="page", **{**plain, **figures})


@pytest.mark.parametrize(
    ("comparison", "figure", "is_met"),
    [
        ("<=", 14.9, True),
        ("<=", 15, True),
        ("<=", 15.1, False),
        ("<", 14.9, True),
        ("<", 15, False),
        ("<", float("nan"), False),
    ],
)
def test_aim_bounds_a_figure(comparison, figure, is_met):
    assert Aim(comparison, 15, "x").is_met(figure) is is_met


def test_aim_without_its_figure_is_a_fault_not_a_pass():
    with pytest.raises(KeyError):
        _ = a_measure(aims=(Aim("<=", 10, "queries"),)).missed


def test_missed_aim_is_marked_beside_those_that_are_met():
    aims = (Aim("<=", 15, "x"), Aim("<=", 10, "queries"))
    line = a_measure(ratio=29.0, aims=aims, figures={"queries": 10}).line()

    assert line.endswith("29.0x   <= 15x MISSED, <= 10 queries")


def test_measure_without_an_aim_has_none_to_miss():
    assert a_measure(ratio=1000.0).missed == []
    assert a_measure(ratio=1000.0).line().endswith("1000.0x")


def test_met_aims_end_well(capsys):
    assert measure({"page": lambda: [a_measure(aims=(Aim("<=", 2, "x"),))]}) == 0
    assert "MISSED" not in capsys.readouterr().out.partition("\n")[2]


def test_missed_aim_ends_with_a_failure_and_the_rest_is_measured(capsys):
    missed, met = a_measure(aims=(Aim("<", 2, "x"),)), a_measure()

    assert measure({"one": lambda: [missed], "two": lambda: [met]}) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == [missed.line(), met.line()]
    assert lines[-1] == "MISSED 1: page: < 2x"


def test_unmeasured_part_is_said_and_ends_with_a_failure(capsys):
    def missing() -> list[Measure]:
        raise NotMeasurableError("wrk is missing")

    assert measure({"lesson": missing, "roll": lambda: [a_measure()]}) == 1

    output = capsys.readouterr().out
    assert "lesson: NOT MEASURED, wrk is missing" in output
    assert a_measure().line() in output
    assert output.endswith("NOT MEASURED: lesson\n")


def test_unknown_part_is_refused_before_anything_is_prepared(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["lesson", "lessons"])

    assert stopped.value.code == 2
    assert "no such part: lessons" in capsys.readouterr().err


@pytest.mark.parametrize("path", PARTS.values(), ids=PARTS)
def test_part_is_there(path):
    assert callable(import_string(path))
