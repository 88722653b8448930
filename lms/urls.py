"""The host: which app answers where."""

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import authenticate_with_password

from courses.views import files, info
from lms.accounts.signin.views.account import own_account
from lms.accounts.signin.views.language import set_language
from lms.accounts.signin.views.login import admin_door
from lms.core.views import offline_and_maintenance, pages
from lms.core.views.manifest import manifest
from lms.design import views as design

handler400 = offline_and_maintenance.bad_request
handler500 = offline_and_maintenance.server_error

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
    # Under Wagtail's name: its documents know their own address.
    re_path(r"^tai-lieu/([0-9]+)/(.*)$", files.document, name="wagtaildocs_serve"),
    path(
        "tai-lieu/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("bien-nhan/", include("lms.messaging.urls")),
    path("thong-bao/", include("lms.notifications.urls")),
    path("gui-tin/", include("lms.announcements.urls")),
    path("bao-cao/", include("lms.reporting.urls")),
    path("", include("lms.surveys.urls")),
    path("", include("courses.urls")),
    re_path(r"^media/images/(?P<path>.+)$", files.picture, name="picture"),
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
