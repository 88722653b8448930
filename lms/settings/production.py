"""For a server: everything that differs between installations comes from the environment.

A missing variable stops the start with its name; `.env.example` explains each.
"""

from lms.core.logs import logging_config
from lms.settings.address import site_address
from lms.settings.base import *  # noqa: F403
from lms.settings.base import INSTALLED_APPS, MIDDLEWARE, SUITE_DEMO, env
from lms.settings.databases import of_server
from lms.settings.monitoring import *  # noqa: F403
from lms.settings.monitoring import middleware
from lms.settings.valkey import BROKER_OPTIONS, BROKER_TRANSPORT, with_fallback

DEBUG = False
SUITE_PRODUCTION = True
if SUITE_DEMO:
    # `manage.py load_demo` exists only where made-up people may.
    INSTALLED_APPS = [*INSTALLED_APPS, "fixtures"]
SECRET_KEY = env.str("SECRET_KEY")
# A space after a comma belongs to no name.
ALLOWED_HOSTS = [name.strip() for name in env.list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [one.strip() for one in env.list("CSRF_TRUSTED_ORIGINS", default=[])]
WAGTAILADMIN_BASE_URL = site_address(env.str("SUITE_BASE_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")

DATABASES = {
    "default": of_server(
        env.db("DATABASE_URL"),
        pooler=env.str("DATABASE_POOLER", default=""),
        pool=env.str("DATABASE_POOL", default=""),
        max_age=env.str("DATABASE_MAX_AGE", default=""),
    )
}
# A copy that follows this database: reports are read from it.
if _replica := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = of_server(env.db_url_config(_replica))
    DATABASE_ROUTERS = ["lms.core.replica.ReplicaRouter"]
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")
CELERY_BROKER_TRANSPORT = BROKER_TRANSPORT
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_OPTIONS
CACHES = {"default": with_fallback(env.cache("CACHE_URL"))}
vars().update(env.email_url("EMAIL_URL"))

# Off by itself only in a trial with made-up people, whose passwords stand on the log-in page.
SUITE_SECOND_FACTOR = env.bool("SUITE_SECOND_FACTOR", default=not SUITE_DEMO)
# Two nights: one backup may fail by chance.
SUITE_BACKUP_MAX_HOURS = env.int("SUITE_BACKUP_MAX_HOURS", default=48)

LOGGING = logging_config(structured=True)
MIDDLEWARE = middleware(MIDDLEWARE)

# TLS ends at the proxy, which must set this header and strip it from clients.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The same proxy appends the client's address to X-Forwarded-For. Without this every log-in
# would seem to come from the proxy, and one attacker could lock accounts for all.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Off only for a trial on one machine, without a proxy and without real people.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The container's own health check speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
# A day, until the office is sure of its certificates: a browser that was told a year is locked out
# for a year. Other sites below this name are not ours to decide for, nor is the list in browsers.
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=86_400)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
