from django.urls import URLPattern, URLResolver, path

from certificates.views import own, public

app_name = "certificates"

urlpatterns: list[URLPattern | URLResolver] = [
    path("xac-minh/", public.verify_form, name="verify_form"),
    path("xac-minh/<str:code>/", public.verify, name="verify"),
    path("giay-chung-nhan/", own.mine, name="mine"),
    path("giay-chung-nhan/<uuid:key>/tai-ve/", own.download, name="download"),
]
