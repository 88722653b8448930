from django.urls import path

from lms.surveys.views import answering

app_name = "surveys"

urlpatterns = [path("lop-cua-toi/<int:pk>/gop-y/", answering.survey, name="survey")]
