"""Health endpoints, for machines; the host includes them at `health/`."""

from django.urls import path

from lms.core.views import health

urlpatterns = [
    path("live/", health.live, name="health_live"),
    path("ready/", health.ready, name="health_ready"),
    path("worker/", health.worker, name="health_worker"),
    path("worker/<slug:queue>/", health.worker, name="health_queue"),
    path("beat/", health.beat, name="health_beat"),
]
