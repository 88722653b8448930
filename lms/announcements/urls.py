"""Where people write to others."""

from django.urls import path

from lms.announcements.views import reading, writing

app_name = "announcements"
urlpatterns = [
    path("", reading.announcement_list, name="list"),
    path("viet/", writing.write, name="write"),
    path("dia-ban/", writing.areas, name="areas"),
    path("<int:pk>/", reading.announcement, name="announcement"),
]
