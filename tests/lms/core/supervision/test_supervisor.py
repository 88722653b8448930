"""Real child processes, small ones: how they are started, kept alive and stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lms.core.supervision.children import ChildSpec
from lms.core.supervision.supervisor import Patience, SuiteFailedError, Supervisor

QUICK = Patience(settled=0, ready=10, first_pause=0.01, longest_pause=0.02)
# Says that it is up, and says so when it is stopped.
OBEDIENT = """
trap 'echo "{name} down" >> diary; exit 0' TERM
echo "{name} up" >> diary
while :; do sleep 0.02; done
"""
STUBBORN = """
trap '' TERM
echo "{name} up" >> diary
while :; do sleep 0.02; done
"""


class Stage:
    """A folder with a diary that the children write, and the lines that were shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[str] = []

    def spec(self, name: str, script: str, stop_seconds: float = 5) -> ChildSpec:
        return ChildSpec(
            name=name,
            command=("sh", "-c", f"cd '{self.folder}'\n{script.replace('{name}', name)}"),
            environment=os.environ,
            log_path=self.folder / f"{name}.log",
            stop_seconds=stop_seconds,
        )

    def diary(self) -> list[str]:
        path = self.folder / "diary"
        return path.read_text().splitlines() if path.exists() else []

    def run(self, *specs: ChildSpec, ready, on_ready, patience: Patience = QUICK) -> None:
        Supervisor(specs, self.shown.append, patience).run(is_ready=ready, on_ready=on_ready)


@pytest.fixture
def stage(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    return Stage(folder)


def stop_ourselves():
    os.kill(os.getpid(), signal.SIGTERM)


def group_exists(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def test_children_stop_in_the_opposite_order(stage):
    names = ("web", "worker", "beat")
    stage.run(
        *(stage.spec(name, OBEDIENT) for name in names),
        ready=lambda: len(stage.diary()) == 3,
        on_ready=stop_ourselves,
    )

    assert sorted(stage.diary()[:3]) == ["beat up", "web up", "worker up"]
    assert stage.diary()[3:] == ["beat down", "worker down", "web down"]
    assert stage.shown == []


def test_signal_handlers_are_given_back(stage):
    before = signal.getsignal(signal.SIGTERM)
    stage.run(stage.spec("web", OBEDIENT), ready=lambda: True, on_ready=stop_ourselves)

    assert signal.getsignal(signal.SIGTERM) is before


def test_important_lines_are_shown_and_all_are_logged(stage):
    script = "printf 'INFO fine\\nWARNING careful\\n[ERROR] bad' ; echo up >> diary; sleep 60"
    stage.run(stage.spec("web", script), ready=stage.diary, on_ready=stop_ourselves)

    assert stage.shown == ["web | WARNING careful", "web | [ERROR] bad"]
    assert (stage.folder / "web.log").read_text() == "INFO fine\nWARNING careful\n[ERROR] bad"


def test_child_that_dies_at_start_stops_the_others(stage):
    broken = stage.spec("worker", "until grep -qs up diary; do sleep 0.01; done; echo boom; exit 3")

    with pytest.raises(SuiteFailedError) as caught:
        stage.run(
            stage.spec("web", OBEDIENT),
            broken,
            ready=lambda: False,
            on_ready=stop_ourselves,
            patience=Patience(settled=60),
        )

    assert str(caught.value) == (
        "The worker process stopped while starting (exit code 3)."
        f" Its last lines, all of them are in {stage.folder}/worker.log:\n  boom"
    )
    assert stage.diary() == ["web up", "web down"]


def test_child_that_dies_later_is_started_again(stage):
    # Dies once, after it has settled; the second life lasts.
    script = "echo life >> diary; [ $(wc -l < diary) -gt 1 ] && exec sleep 60; sleep 0.5; exit 9"

    supervisor = Supervisor([stage.spec("worker", script)], stage.shown.append, QUICK)
    supervisor.run(is_ready=lambda: len(stage.diary()) == 2, on_ready=stop_ourselves)

    assert stage.diary() == ["life", "life"]
    assert stage.shown == [
        "worker | stopped (exit code 9); starting again in 0.01 s",
        "worker | starting again",
    ]


def test_child_that_keeps_dying_is_given_up(stage):
    script = "echo life >> diary; sleep 0.3; exit 1"

    with pytest.raises(SuiteFailedError, match="The worker process stopped 3 times within 60"):
        stage.run(
            stage.spec("worker", script),
            ready=lambda: False,
            on_ready=stop_ourselves,
            patience=Patience(settled=0, first_pause=0.01, most_deaths=3),
        )

    assert stage.diary() == ["life"] * 3
    assert [line.rpartition(" in ")[2] for line in stage.shown[::2]] == ["0.01 s", "0.02 s"]


def test_suite_that_is_never_ready(stage):
    with pytest.raises(SuiteFailedError, match=r"The suite was not ready within 0\.3 seconds"):
        stage.run(
            stage.spec("web", OBEDIENT),
            ready=lambda: False,
            on_ready=stop_ourselves,
            patience=Patience(ready=0.3),
        )

    assert stage.diary() == ["web up", "web down"]


def test_child_that_does_not_stop_is_killed_with_its_children(stage):
    script = "echo $$ > leader; sleep 60 & " + STUBBORN
    stage.run(
        stage.spec("web", script, stop_seconds=0.3), ready=stage.diary, on_ready=stop_ourselves
    )

    wait_until(lambda: not group_exists(int((stage.folder / "leader").read_text())))


def test_second_signal_kills_at_once(stage):
    def stop_twice():
        stop_ourselves()
        stop_ourselves()

    begun = time.monotonic()
    stage.run(
        stage.spec("web", STUBBORN, stop_seconds=60),
        stage.spec("worker", STUBBORN, stop_seconds=60),
        ready=lambda: len(stage.diary()) == 2,
        on_ready=stop_twice,
    )

    assert time.monotonic() - begun < 20


def test_stop_while_starting(stage):
    def stop_instead_of_answering():
        stop_ourselves()
        return False

    stage.run(
        stage.spec("web", "sleep 60"),
        ready=stop_instead_of_answering,
        on_ready=lambda: pytest.fail("it was not ready"),
    )

    assert stage.shown == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's own")
def test_killed_supervisor_leaves_no_child_behind(stage):
    program = f"""
import os
from pathlib import Path
from lms.core.supervision.children import ChildSpec
from lms.core.supervision.supervisor import Supervisor
folder = Path({str(stage.folder)!r})
spec = ChildSpec("web", ("sh", "-c", "echo $$ > leader; exec sleep 60"), os.environ, folder / "log")
os.chdir(folder)
Supervisor([spec], print).run(is_ready=lambda: True, on_ready=lambda: None)
"""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    leader = stage.folder / "leader"
    wait_until(lambda: leader.exists() and leader.read_text().strip())
    supervisor.kill()
    supervisor.wait()

    wait_until(lambda: not group_exists(int(leader.read_text())))
