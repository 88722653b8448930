"""The WSGI callable that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from lms.core.databases import limit_waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")

application = get_wsgi_application()
connection_created.connect(limit_waits, dispatch_uid="lms.limit_waits")
