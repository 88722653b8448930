"""The base for Kubernetes runs what the compose file runs, within limits, and names what there is."""

import re
from functools import cache

import pytest
import yaml

from tests.ops.compose import PROJECT, command_of, services, settings_variables

FOLDER = PROJECT / "deploy" / "kubernetes"
PODS = {"Deployment", "Job", "CronJob"}
# By the name of a service in the compose file.
WORKLOADS = {
    *("migrate", "web", "beat", "backup", "metrics"),
    *("worker-urgent", "worker", "worker-reminders", "worker-imports", "worker-bulk"),
}


@cache
def objects() -> dict[tuple[str, str], dict]:
    """What the kustomization brings, by kind and name."""
    base = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
    assert set(base["resources"]) == {
        path.name for path in FOLDER.glob("*.yaml") if path.name != "kustomization.yaml"
    }
    return {
        (one["kind"], one["metadata"]["name"]): one
        for name in base["resources"]
        for one in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
    }


def pod_of(workload: dict) -> dict:
    spec = workload["spec"]
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]


def workloads() -> dict[str, dict]:
    return {name: one for (kind, name), one in objects().items() if kind in PODS}


def containers() -> list[tuple[str, dict]]:
    return [
        (f"{name}/{container['name']}", container)
        for name, workload in workloads().items()
        for pod in [pod_of(workload)]
        for container in [*pod.get("initContainers", ()), *pod["containers"]]
    ]


def filled(words: list[str]) -> list[str]:
    return [re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", word) for word in words]


def test_kinds_and_names():
    assert set(workloads()) == WORKLOADS
    kinds = {kind for kind, _ in objects()} - PODS
    assert kinds == {
        *("ConfigMap", "Service", "Ingress", "NetworkPolicy"),
        *("PodDisruptionBudget", "PersistentVolumeClaim"),
    }


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_command_is_that_of_the_compose_file(name):
    [suite] = [one for one in pod_of(workloads()[name])["containers"] if one["name"] == "suite"]
    command = filled(command_of(name))
    if name == "backup":
        # Here the clock is the cluster's.
        command = command[: command.index("--every")]

    # Without a word the image does what its CMD says.
    assert suite.get("args", filled(command_of("web"))) == command
    assert "command" not in suite


def test_web_counts_and_a_container_beside_it_tells():
    suite, beside = pod_of(workloads()["web"])["containers"]

    assert beside["args"] == command_of("metrics")
    assert {"name": "metrics", "mountPath": "/run/metrics"} in suite["volumeMounts"]
    assert {"name": "metrics", "mountPath": "/run/metrics"} in beside["volumeMounts"]
    paths = {
        name: workloads()[name]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"]
        for name in ("web", "metrics")
    }
    assert paths == {"web": "/metrics/requests", "metrics": "/metrics/suite"}


@pytest.mark.parametrize(
    "name", sorted(one for one in WORKLOADS if one.startswith(("web", "worker", "beat")))
)
def test_readiness_is_asked_as_in_the_compose_file(name):
    asked = pod_of(workloads()[name])["containers"][0]["readinessProbe"]["exec"]["command"]
    _, *test = services()[name]["healthcheck"]["test"]

    assert [" ".join(word.split()) for word in asked] == [" ".join(word.split()) for word in test]


@pytest.mark.parametrize(("name", "container"), containers())
def test_container_may_do_no_more_than_it_must(name, container):
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for which in ("requests", "limits"):
        assert set(container["resources"][which]) == {"cpu", "memory"}
    pod = pod_of(workloads()[name.split("/")[0]])
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts <= volumes


def waits_for(name: str) -> set[str]:
    """What has to be there before a service of the compose file begins, and before that."""
    first = set(services()[name].get("depends_on", ()))
    return first.union(*map(waits_for, first))


def test_what_waits_for_the_migrations_in_the_compose_file_waits_here():
    waiting = {name for name, one in workloads().items() if "initContainers" in pod_of(one)}
    in_compose = {name for name in WORKLOADS if "migrate" in waits_for(name)}

    # Web becomes ready by itself; a backup is due at night.
    assert waiting == in_compose - {"web", "backup"}
    for name in waiting:
        [wait] = pod_of(workloads()[name])["initContainers"]
        assert "manage.py migrate --check" in wait["args"][-1]


def test_beat_is_never_there_twice():
    assert workloads()["beat"]["spec"]["replicas"] == 1
    assert workloads()["beat"]["spec"]["strategy"] == {"type": "Recreate"}


def test_what_has_a_second_pod_is_never_drained_away():
    several = {name for name, one in workloads().items() if one["spec"].get("replicas", 1) > 1}
    budgets = {name for kind, name in objects() if kind == "PodDisruptionBudget"}

    assert budgets == several == {"web", "worker-urgent", "worker"}
    for name in budgets:
        selected = objects()["PodDisruptionBudget", name]["spec"]["selector"]
        assert selected == workloads()[name]["spec"]["selector"]


def test_labels_lead_to_the_pods_they_mean():
    for workload in workloads().values():
        if workload["kind"] == "Deployment":
            spec = workload["spec"]
            assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    service = objects()["Service", "web"]["spec"]
    assert service["selector"] == workloads()["web"]["spec"]["template"]["metadata"]["labels"]
    [port] = service["ports"]
    # Workers ask for health where the compose file has it.
    assert (port["name"], port["port"]) == ("http", 8000)
    [rule] = objects()["Ingress", "web"]["spec"]["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"] == {
        "name": "web",
        "port": {"name": "http"},
    }


def test_every_variable_is_one_of_the_settings_and_needed_ones_are_there():
    given = set(objects()["ConfigMap", "suite"]["data"])
    example = (FOLDER / "secret.example.env").read_text(encoding="utf-8")
    secrets = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))

    assert (given | set(secrets)) - set(settings_variables()) == set()
    assert {name for name, needed in settings_variables().items() if needed} <= given | set(secrets)
    assert set(secrets.values()) == {""}
    assert {name for name in given if re.search(r"SECRET|PASSWORD|_KEY$|DSN", name)} == set()


def test_image_is_that_of_the_compose_file():
    base = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
    [image] = base["images"]

    assert f"{image['name']}:{image['newTag']}" == services()["web"]["image"]
    assert {container["image"] for _, container in containers()} == {image["name"]}
