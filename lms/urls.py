"""The host: which app answers where."""

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from courses.views import info
from lms.accounts.signin.views.account import own_account
from lms.accounts.signin.views.login import admin_door
from lms.core.views import offline_and_maintenance, pages
from lms.core.views.manifest import manifest
from lms.design import views as design

# Seconds.
DAY = 86_400

urlpatterns: list[URLPattern | URLResolver] = [
    path("", info.front_page, name="home"),
    path("bat-dau/", pages.start, name="start"),
    path("kha-nang-tiep-can/", design.accessibility, name="accessibility"),
    path("mat-mang/", offline_and_maintenance.offline, name="offline"),
    # At the root: a service worker looks after the addresses below its own.
    path("sw.js", offline_and_maintenance.service_worker, name="service_worker"),
    path("manifest.webmanifest", manifest, {"start": "courses:my_work"}, name="manifest"),
    path("styleguide/", design.styleguide, name="styleguide"),
    path("health/", include("lms.core.urls")),
    # Without a token: a page that has one cannot be kept for strangers.
    path("ngon-ngu/setlang/", csrf_exempt(set_language), name="set_language"),
    path("tai-khoan/", include("lms.accounts.urls")),
    path("quan-tri/login/", admin_door, name="admin_door"),
    path("quan-tri/account/", own_account, name="own_account"),
    path("quan-tri/", include(wagtailadmin_urls)),
    # Asked for anew each time, with its ETag: who may no longer read it gets nothing, and nobody
    # on a weak network loads ten megabytes twice.
    path(
        "tai-lieu/",
        include(
            decorate_urlpatterns(
                wagtaildocs_urls.urlpatterns, cache_control(private=True, no_cache=True)
            )
        ),
    ),
    path("bao-cao/", include("lms.reporting.urls")),
    path("", include("lms.surveys.urls")),
    path("", include("courses.urls")),
    # Lesson pictures only, and no way up from them: papers about people live in the private
    # storage, documents of lessons are handed out by Wagtail's view.
    re_path(
        r"^media/images/(?P<path>.+)$",
        # A picture that is changed gets another address.
        cache_control(public=True, max_age=30 * DAY)(serve),
        {"document_root": settings.MEDIA_ROOT / "images"},
    ),
]

# A plug-in that is not installed takes its pages with it.
urlpatterns += [
    path("", include(f"{plugin}.urls"))
    for plugin in ("attendance", "certificates")
    if apps.is_installed(plugin)
]
urlpatterns.append(path("khoa-hoc/", include(wagtail_urls)))

if settings.DEBUG:
    urlpatterns += staticfiles_urlpatterns()
