"""A person's own notices, and whom to call."""

from django.urls import path

from lms.notifications.views import calls, delivery, devices, notices, preferences, timeline

app_name = "notices"
urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("da-doc/", notices.read_all, name="read_all"),
    path("cach-nhan/", preferences.preferences, name="preferences"),
    path("tren-may/", devices.device_on, name="device_on"),
    path("tren-may/<int:pk>/tat/", devices.device_off, name="device_off"),
    path("thoi-nhan/<str:token>/", preferences.stop, name="stop"),
    path("ket-qua/", delivery.delivery, name="delivery"),
    path("ket-qua/tai-ve/", delivery.delivery_file, name="delivery_file"),
    path("can-goi/", calls.call_list, name="call_list"),
    path("can-goi/tai-ve/", calls.call_list_file, name="call_list_file"),
    path("can-goi/<int:pk>/", calls.note_call, name="note_call"),
    path("nguoi/<int:pk>/", timeline.person_timeline, name="timeline"),
    path("dia-chi/<int:pk>/", timeline.decide_on_address, name="decide_on_address"),
    path("<int:pk>/", notices.notice, name="notice"),
]
