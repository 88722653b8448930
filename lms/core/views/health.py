"""What a load balancer, a container and an operator ask; the answers name no person."""

import functools
from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.core.heartbeats import STALE_AFTER, beat_age, queues_at_rest
from lms.core.outages import cache_outage
from lms.core.queues import QUEUES
from lms.core.task_class import is_broker_there


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and holds every migration of this version, else 503.

    Without the cache or the broker people are still served: 200, and the answer says "degraded".
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _require_migrations()
    except DatabaseError:
        return _unavailable("The database does not answer.")
    except MigrationsPendingError:
        return _unavailable("Migrations are pending.")
    cache.get("ready")
    away = {"cache": cache_outage.is_on, "broker": not is_broker_there()}
    if any(away.values()):
        return JsonResponse(
            {"status": "degraded", "without": [name for name, is_away in away.items() if is_away]}
        )
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def worker(request: HttpRequest, queue: str = "") -> JsonResponse:
    """Answer 200 when the workers of all queues work, or that of one `queue`, else 503."""
    if queue and queue not in QUEUES:
        raise Http404
    try:
        at_rest = queues_at_rest(now=timezone.now())
    except DatabaseError:
        return _unavailable("The database does not answer.")
    stale = {name: _seconds(age) for name, age in at_rest.items() if queue in ("", name)}
    if stale:
        return JsonResponse({"status": "stale", "age_seconds": stale}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def beat(request: HttpRequest) -> JsonResponse:
    """Answer 200 when a tick of Celery beat was carried out lately, else 503."""
    try:
        age = beat_age(now=timezone.now())
    except DatabaseError:
        return _unavailable("The database does not answer.")
    fresh = age is not None and age < STALE_AFTER
    return JsonResponse(
        {"status": "ok" if fresh else "stale", "age_seconds": _seconds(age)},
        status=200 if fresh else 503,
    )


class MigrationsPendingError(Exception):
    """The database is older than the code."""


@functools.cache
def _require_migrations() -> None:
    """Raise MigrationsPendingError; success is remembered, since an upgrade is a new process."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsPendingError


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 1)


def _unavailable(detail: str) -> JsonResponse:
    return JsonResponse({"status": "unavailable", "detail": detail}, status=503)
