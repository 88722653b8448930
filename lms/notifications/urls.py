"""A person's own notices."""

from django.urls import path

from lms.notifications.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("da-doc/", notices.read_all, name="read_all"),
    path("<int:pk>/", notices.notice, name="notice"),
]
