from django.urls import URLPattern, URLResolver, path

from courses.enums import InfoPlace
from courses.views import (
    info,
    lessons,
    my_work,
    notes,
    pages,
    quizzes,
    run_files,
    runs,
    search,
    transcript,
)

app_name = "courses"

urlpatterns: list[URLPattern | URLResolver] = [
    path("gioi-thieu/", info.info_page, {"place": InfoPlace.ABOUT}, name="about"),
    path("tro-giup/", info.info_page, {"place": InfoPlace.HELP}, name="help"),
    path("hoi-dap/", info.info_page, {"place": InfoPlace.FAQ}, name="faq"),
    path("ho-so/", transcript.profile, name="profile"),
    path("ho-so/qua-trinh-hoc-tap.pdf", transcript.profile_file, name="profile_file"),
    path("hoc-vien/<int:pk>/", transcript.transcript, name="transcript"),
    path(
        "hoc-vien/<int:pk>/qua-trinh-hoc-tap.pdf",
        transcript.transcript_file,
        name="transcript_file",
    ),
    path("viec-cua-toi/", my_work.my_work, name="my_work"),
    path("lop-cua-toi/<int:pk>/", my_work.my_class, name="my_class"),
    path("lop-cua-toi/<int:pk>/hoc-tiep/", my_work.continue_course, name="continue_course"),
    # Before Wagtail's own pattern, which the host mounts at the same place: the busiest pages.
    path("khoa-hoc/<slug:course>/", pages.find_content, name="course"),
    path("khoa-hoc/<slug:course>/<slug:module>/", pages.find_content, name="module"),
    path("khoa-hoc/<slug:course>/<slug:module>/<slug:lesson>/", pages.find_content, name="lesson"),
    path("bai-hoc/<int:pk>/da-hoc/", lessons.complete, name="complete_lesson"),
    path("bai-hoc/<int:pk>/ghi-chu/", notes.note, name="note"),
    path("ghi-chu/", notes.notes, name="notes"),
    path("tim-bai/", search.search, name="search"),
    path("kiem-tra/<int:pk>/", quizzes.quiz_start, name="quiz_start"),
    path("kiem-tra/lan/<int:pk>/<int:number>/", quizzes.quiz_question, name="quiz_question"),
    path("kiem-tra/lan/<int:pk>/nop-bai/", quizzes.quiz_submit, name="quiz_submit"),
    path("kiem-tra/lan/<int:pk>/ket-qua/", quizzes.quiz_result, name="quiz_result"),
    path("lop/", runs.run_list, name="run_list"),
    path("lop/tai-ve/", run_files.run_list_file, name="run_list_file"),
    path("lop/<int:pk>/", runs.run_detail, name="run_detail"),
    path("lop/<int:pk>/tai-ve/", run_files.run_trainees_file, name="run_trainees_file"),
    path("lop/<int:pk>/truoc-sau/", run_files.run_gains_file, name="run_gains_file"),
    path(
        "lop/<int:pk>/hoc-vien/<int:enrolment_pk>/", runs.enrolment_detail, name="enrolment_detail"
    ),
]
