"""The WSGI callable that granian serves."""

from django.db.backends.signals import connection_created

from lms import loaded
from lms.core.databases import limit_waits

application = loaded.application
connection_created.connect(limit_waits, dispatch_uid="lms.limit_waits")
