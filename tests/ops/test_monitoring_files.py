"""Board and alarms name figures that there are, with labels that they have, and say why."""

import json
import re

import pytest
import yaml
from django.urls import get_resolver
from prometheus_client import CollectorRegistry, Metric

from lms.core.heartbeats import BEAT, STALE_AFTER, record_heartbeats
from lms.core.queues import QUEUES
from lms.monitoring.request_metrics import COUNTED
from lms.monitoring.suite_gauges import BACKUP, SuiteGauges
from tests.ops.compose import services, text_of
from tests.services import valkey_url

ALERTS = yaml.safe_load(text_of("deploy/monitoring/alerts.yml"))["groups"][0]["rules"]
PANELS = json.loads(text_of("deploy/monitoring/board.json"))["panels"]
EXPRESSIONS = [rule["expr"] for rule in ALERTS] + [
    target["expr"] for panel in PANELS for target in panel["targets"]
]
# What Prometheus makes of a histogram and a counter.
ENDINGS = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",), "gauge": ("",)}


@pytest.fixture
def metrics(db, settings) -> list[Metric]:
    """All that is served, with every sign of life there."""
    record_heartbeats(BEAT, BACKUP, *QUEUES)
    registry = CollectorRegistry()
    registry.register(SuiteGauges())
    with valkey_url() as settings.CELERY_BROKER_URL:
        return [*registry.collect(), *COUNTED.collect()]


def test_every_figure_that_is_asked_for_is_served(metrics):
    served = {
        f"{metric.name}{ending}" for metric in metrics for ending in ENDINGS.get(metric.type, ())
    }
    asked = {name for one in EXPRESSIONS for name in re.findall(r"\bsuite_\w+", one)}

    assert asked - served == set()
    # Nothing is measured that nobody looks at.
    assert {metric.name for metric in metrics} == {
        metric.name for metric in metrics if any(metric.name in name for name in asked)
    }


def test_labels_of_gauges_are_those_that_alarms_ask_for(metrics):
    given = {
        (sample.name, *label)
        for metric in metrics
        for sample in metric.samples
        for label in sample.labels.items()
    }
    asked = {
        (name, label, value)
        for one in EXPRESSIONS
        for name, labels in re.findall(r"(suite_\w+)\{(.*?)\}", one)
        for label, value in re.findall(r'(\w+)!?="(\w+)"', labels)
        if label != "kind"
    }

    assert asked
    assert asked - given == set()


def test_alarms_are_told_apart_and_say_what_is_wrong():
    names = [rule["alert"] for rule in ALERTS]

    assert len(names) == len(set(names))
    assert {rule["labels"]["severity"] for rule in ALERTS} == {"page", "ticket"}
    assert all(rule["annotations"]["summary"] for rule in ALERTS)
    page = text_of("docs/operations/monitoring.md")
    assert [name for name in names if f"`{name}`" not in page] == []


def test_what_machines_ask_about_health_does_not_hide_what_people_meet():
    """At night it is most of all that is asked, and answered 503 where a queue stands still."""
    selectors = [
        found for one in EXPRESSIONS for found in re.findall(r"suite_request\w+(\{.*?\})?", one)
    ]
    left_out = {re.search(r'view!~"(.*?)"', one)[1] for one in selectors}
    names = {name for name in get_resolver().reverse_dict if str(name).startswith("health")}

    assert {"health_live", "health_ready", "health_queue", "health_beat"} <= names
    assert [one for one in left_out for name in names if not re.fullmatch(one, name)] == []


def test_alarms_wait_longer_than_health_does():
    """Whoever is woken finds the health endpoint red."""
    patience = {BEAT: STALE_AFTER, **QUEUES}
    found = {
        part: int(seconds)
        for one in EXPRESSIONS
        for part, seconds in re.findall(r'heartbeat_age_seconds\{part="(\w+)"\} > (\d+)', one)
    }

    assert set(found) == set(patience)
    assert all(found[part] > patience[part].total_seconds() for part in found)


def test_prometheus_asks_where_the_figures_are():
    asked = yaml.safe_load(text_of("deploy/monitoring/prometheus.yml"))
    [port] = services()["metrics"]["ports"]

    targets = {
        one for job in asked["scrape_configs"] for one in job["static_configs"][0]["targets"]
    }
    assert targets == {"127.0.0.1:9100"}
    assert port == "127.0.0.1:${METRICS_PORT:-9100}:9100"
    assert asked["rule_files"] == ["alerts.yml"]
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
