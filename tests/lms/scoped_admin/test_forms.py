"""Choices of forms and filters: only what the person may see."""

import django_filters
import pytest
from django import forms

from lms.accounts.models import Posting
from lms.geography.models import AdministrativeUnit, UnitSuccession
from lms.scoped_admin.forms import ScopedModelForm, limited_choices
from lms.scoped_admin.views import ScopedFilterSet
from tests.factories.geography import unit


class PostingForm(ScopedModelForm):
    """Two ways to name units: one, and many."""

    others = forms.ModelMultipleChoiceField(AdministrativeUnit.objects.all(), required=False)

    class Meta:
        model = Posting
        fields = ("unit",)


class OpenPostingForm(PostingForm):
    open_fields = ("unit",)


def codes(rows):
    return {row.code for row in rows}


def test_rows_without_areas_are_all_on_offer_in_a_form_too(coordinator, edition):
    rows = UnitSuccession.objects.all()
    assert limited_choices(rows, coordinator) is rows

    class UnitForm(ScopedModelForm):
        class Meta:
            model = AdministrativeUnit
            fields = ("edition",)

    assert list(UnitForm(for_user=coordinator).fields["edition"].queryset) == [edition]


@pytest.mark.parametrize(("place", "other"), [(None, None), ("13591", "13588")])
def test_form_offers_the_own_area_and_what_is_stored(coordinator, place, other):
    stored = {"unit": unit(place).pk, "others": [unit(other)]} if place else None
    form = PostingForm(for_user=coordinator, initial=stored)

    own = {"350", "13384", "13387"}
    assert codes(form.fields["unit"].queryset) == own | ({place} - {None})
    assert codes(form.fields["others"].queryset) == own | ({other} - {None})


def test_field_that_is_open_offers_everything(coordinator):
    form = OpenPostingForm(for_user=coordinator)

    assert len(form.fields["unit"].queryset) == 7
    assert len(form.fields["others"].queryset) == 3


def test_filter_with_choices_of_its_own_is_left_alone(coordinator, rf):
    class UnitFilterSet(ScopedFilterSet):
        unit = django_filters.ModelChoiceFilter(
            queryset=lambda request: AdministrativeUnit.objects.filter(code="353")
        )
        below = django_filters.ModelChoiceFilter(queryset=AdministrativeUnit.objects.all())

        class Meta:
            model = Posting
            fields = ()

    request = rf.get("/")
    request.user = coordinator
    offered = UnitFilterSet(request=request, queryset=Posting.objects.all()).form.fields

    assert codes(offered["unit"].queryset) == {"353"}
    assert codes(offered["below"].queryset) == {"350", "13384", "13387"}
