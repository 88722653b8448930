from django.urls import path

from lms.reporting.views import (
    communes,
    completion,
    enrolling,
    indicators,
    people,
    person,
    quality,
    snapshots,
    target_grid,
    training,
)

app_name = "reporting"

urlpatterns = [
    path("da-chot/", snapshots.snapshot_list, name="snapshots"),
    path("da-chot/lap/", snapshots.snapshot_make, name="snapshot_make"),
    path("da-chot/<int:pk>/", snapshots.snapshot_page, name="snapshot"),
    path("da-chot/<int:pk>/duyet/", snapshots.snapshot_approve, name="snapshot_approve"),
    path("da-chot/<int:pk>/rut/", snapshots.snapshot_withdraw, name="snapshot_withdraw"),
    path("da-chot/<int:pk>/ban-thao/", snapshots.snapshot_preview, name="snapshot_preview"),
    path("da-chot/<int:pk>/thay-doi/", snapshots.snapshot_differences, name="snapshot_differences"),
    path("da-chot/<int:pk>/<slug:kind>/", snapshots.snapshot_file, name="snapshot_file"),
    path("chi-so/", indicators.indicators, name="indicators"),
    path("gio-hoc/", training.training, name="training"),
    path("gio-hoc/tai-ve/", training.training_file, name="training_file"),
    path("gio-hoc/<int:unit_id>/", training.training, name="training_unit"),
    path("gio-hoc/<int:unit_id>/tai-ve/", training.training_file, name="training_unit_file"),
    path("chi-tieu/", target_grid.target_grid, name="targets"),
    path("chi-tieu/<int:unit_id>/", target_grid.target_grid, name="targets_unit"),
    path("du-lieu-can-sua/", quality.quality, name="quality"),
    path("du-lieu-can-sua/<slug:key>/", quality.quality_list, name="quality_list"),
    path("du-lieu-can-sua/<slug:key>/tai-ve/", quality.quality_file, name="quality_file"),
    path("hoan-thanh/", completion.completion, name="completion"),
    path("hoan-thanh/tai-ve/", completion.completion_file, name="completion_file"),
    path("hoan-thanh/hoc-vien/", people.people, name="all_people"),
    path("hoan-thanh/hoc-vien/tai-ve/", people.people_file, name="all_people_file"),
    path("hoan-thanh/hoc-vien/ghi-danh/", enrolling.enrol, name="all_people_enrol"),
    path("hoan-thanh/xa/", communes.communes, name="communes"),
    path("hoan-thanh/<int:unit_id>/xa/", communes.communes, name="communes_unit"),
    path("hoan-thanh/<int:unit_id>/", completion.completion, name="completion_unit"),
    path(
        "hoan-thanh/<int:unit_id>/tai-ve/", completion.completion_file, name="completion_unit_file"
    ),
    path("hoan-thanh/<int:unit_id>/hoc-vien/", people.people, name="people"),
    path("hoan-thanh/<int:unit_id>/hoc-vien/tai-ve/", people.people_file, name="people_file"),
    path("hoan-thanh/<int:unit_id>/hoc-vien/ghi-danh/", enrolling.enrol, name="people_enrol"),
    path("hoan-thanh/hoc-vien/<int:user_id>/", person.person, name="person"),
]
