from datetime import date

from django import forms
from django.utils import translation


def test_day_comes_before_month():
    with translation.override("vi"):
        assert forms.DateField().clean("05/06/2014") == date(2014, 6, 5)
        assert forms.DateField().clean("2014-06-05") == date(2014, 6, 5)
