from django.urls import URLPattern, URLResolver, path

from attendance.views import my_sessions, paper_entry, roll_call, roll_lines, series, sessions

app_name = "attendance"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lich-cua-toi/", my_sessions.my_sessions, name="my_sessions"),
    path("lich-cua-toi/lich-hoc.ics", my_sessions.my_calendar, name="my_calendar"),
    path("buoi-hoc/hom-nay/", sessions.today, name="today"),
    path("buoi-hoc/<int:pk>/diem-danh/", roll_call.roll_call, name="roll_call"),
    path("buoi-hoc/<int:pk>/diem-danh/dong/", roll_lines.roll_lines, name="roll_lines"),
    path("buoi-hoc/<int:pk>/phieu-ky-ten/nhap/", paper_entry.paper_entry, name="paper_entry"),
    path("buoi-hoc/<int:pk>/sua/", sessions.session_edit, name="session_edit"),
    path("buoi-hoc/<int:pk>/huy/", sessions.session_cancel, name="session_cancel"),
    path("buoi-hoc/<int:pk>/xoa/", sessions.session_remove, name="session_remove"),
    path("buoi-hoc/<int:pk>/lich.ics", sessions.calendar, name="calendar"),
    path("lop/<int:pk>/buoi-hoc/moi/", sessions.session_new, name="session_new"),
    path("lop/<int:pk>/buoi-hoc/nhieu-buoi/", series.session_series, name="session_series"),
]
