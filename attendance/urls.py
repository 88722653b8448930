from django.urls import URLPattern, URLResolver, path

from attendance.views import (
    excuses,
    grid,
    my_sessions,
    paper_entry,
    roll_call,
    roll_lines,
    series,
    sessions,
    sheets,
    sign_off,
    walk_ins,
)

app_name = "attendance"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lich-cua-toi/", my_sessions.my_sessions, name="my_sessions"),
    path("lich-cua-toi/lich-hoc.ics", my_sessions.my_calendar, name="my_calendar"),
    path("buoi-hoc/hom-nay/", sessions.today, name="today"),
    path("buoi-hoc/<int:pk>/diem-danh/", roll_call.roll_call, name="roll_call"),
    path("buoi-hoc/<int:pk>/diem-danh/dong/", roll_lines.roll_lines, name="roll_lines"),
    path("buoi-hoc/<int:pk>/nguoi-chua-co-ten/", walk_ins.walk_in, name="walk_in"),
    path("buoi-hoc/<int:pk>/phieu-ky-ten/nhap/", paper_entry.paper_entry, name="paper_entry"),
    path("buoi-hoc/<int:pk>/phieu-ky-ten.pdf", sheets.sign_in_sheet, name="sign_in_sheet"),
    path("phieu-ky-ten/<str:code>/", sheets.sheet, name="sheet"),
    path("buoi-hoc/<int:pk>/sua/", sessions.session_edit, name="session_edit"),
    path("buoi-hoc/<int:pk>/huy/", sessions.session_cancel, name="session_cancel"),
    path("buoi-hoc/<int:pk>/xoa/", sessions.session_remove, name="session_remove"),
    path("buoi-hoc/<int:pk>/lich.ics", sessions.calendar, name="calendar"),
    path("buoi-hoc/<int:pk>/xin-phep/", excuses.excuse_ask, name="excuse_ask"),
    path("buoi-hoc/<int:pk>/xin-phep-thay/", excuses.excuse_note, name="excuse_note"),
    path("xin-phep/", excuses.excuse_list, name="excuse_list"),
    path("xin-phep/<int:pk>/", excuses.excuse_decide, name="excuse_decide"),
    path("xin-phep/<int:pk>/giay/", excuses.excuse_paper, name="excuse_paper"),
    path("buoi-hoc/<int:pk>/ky-so/", sign_off.session_sign, name="session_sign"),
    path(
        "buoi-hoc/<int:pk>/dinh-chinh/<int:enrolment_pk>/",
        sign_off.session_correct,
        name="session_correct",
    ),
    path("diem-danh-den-muon/<int:pk>/", sign_off.late_mark, name="late_mark"),
    path("lop/<int:pk>/bang-diem-danh/", grid.run_grid, name="run_grid"),
    path("lop/<int:pk>/bang-diem-danh/tep/", grid.run_grid_file, name="run_grid_file"),
    path("lop/<int:pk>/so-diem-danh/", sign_off.run_register, name="run_register"),
    path("lop/<int:pk>/so-diem-danh/ky/", sign_off.run_sign, name="run_sign"),
    path("lop/<int:pk>/so-diem-danh/xac-nhan/", sign_off.run_confirm, name="run_confirm"),
    path("lop/<int:pk>/buoi-hoc/moi/", sessions.session_new, name="session_new"),
    path("lop/<int:pk>/buoi-hoc/nhieu-buoi/", series.session_series, name="session_series"),
]
