"""The Celery application: `celery -A lms worker`, `celery -A lms beat`."""

import os

from celery import Celery
from celery.signals import before_task_publish

from lms.core.task_messages import stamp_message

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")

app = Celery("lms", task_cls="lms.core.task_class:SuiteTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# By name: the class needs the models, which are not there yet.
app.steps["worker"].add("lms.core.heartbeats:WorkerPulse")
before_task_publish.connect(stamp_message, dispatch_uid="lms.stamp_message")
