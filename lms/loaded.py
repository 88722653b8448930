"""The suite as a process holds it that has just started: all imported, ready for its first page.

The web server begins with it (`lms.wsgi`), and `make run` copies a process that has loaded it for each of its
programs, workers among them: what holds for web processes alone has no place here.
"""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lms.core.first_page import prepare_first_page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")

application = get_wsgi_application()
# Import the views now, in one thread: else the threads of the first visitors do it all at once.
import_module(settings.ROOT_URLCONF)
prepare_first_page()
