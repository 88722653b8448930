"""The WSGI callable that granian serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from lms.core.databases import limit_waits
from lms.core.first_page import prepare_first_page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")

application = get_wsgi_application()
# Import the views now, in one thread: else the threads of the first visitors do it all at once.
import_module(settings.ROOT_URLCONF)
prepare_first_page()
connection_created.connect(limit_waits, dispatch_uid="lms.limit_waits")
