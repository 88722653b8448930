"""Invisible signs and look-alikes: gone from text, from keys, and from whatever a page is sent."""

from importlib import import_module

import pytest
from django.conf import settings
from django.forms import Form, ModelForm, PasswordInput
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from lms.core.middleware import LookAlikesMiddleware
from lms.core.text import (
    fold,
    nfc,
    slug,
    sort_key,
    unmarked,
    with_plain_apostrophes,
    without_look_alikes,
)

INVISIBLE = [
    *"\0\u00ad\u2060\ufeff",
    *map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
]


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_invisible_signs_go_wherever_they_stand(sign):
    assert without_look_alikes(f"{sign}Lê{sign} Thị {sign}Bé{sign}") == "Lê Thị Bé"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ðỗ Văn Ðạt", "Đỗ Văn Đạt"),
        ("Ɖào Thị ɖẹp", "Đào Thị đẹp"),
        ("vùng ðất", "vùng đất"),
        ("Lê\u00a0Thị\u202fBé\u2007Tư", "Lê Thị Bé Tư"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("“Trẻ em” – children’s\nrights", "“Trẻ em” – children’s\nrights"),
        ("plain\r\n text ", "plain\r\n text "),
    ],
)
def test_look_alikes_become_what_they_look_like(typed, stored):
    assert without_look_alikes(typed) == stored


@pytest.mark.parametrize("key", [fold, sort_key, slug, unmarked, nfc], ids=lambda key: key.__name__)
@pytest.mark.parametrize(
    ("one", "other"),
    [("Ðỗ\u200b Ðạt", "Đỗ Đạt"), ("Ɖỗ\u00a0Đ\u200eạt", "Đỗ Đạt"), ("đinh\0 ɖủ", "đinh đủ")],
)
def test_every_key_agrees(key, one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize("apostrophe", "‘’ʼ´`′")
def test_apostrophes_are_one_to_search_sort_and_call_by(apostrophe):
    typed = f"H{apostrophe}Hen Niê"

    assert fold(typed) == "h'hen nie"
    assert sort_key(typed) == sort_key("H'Hen Niê")
    assert with_plain_apostrophes(typed) == "H'Hen Niê"


@given(st.text())
def test_what_is_clean_stays(text):
    once = without_look_alikes(text)

    assert without_look_alikes(once) == once
    assert not set(once) & set(INVISIBLE)


def sent_to_view(request):
    middleware = LookAlikesMiddleware(lambda _request: HttpResponse())
    middleware.process_view(request, None, (), {})
    return request


def test_forms_and_searches_are_sent_clean_and_passwords_as_typed(rf):
    secret = "mật\u200bkhẩu\u00a0Ð"
    form = {"title": "Ðợt\u200e 1", "password": secret, "new_password1": secret, "who": ["1", "Ð"]}
    request = sent_to_view(rf.post("/?q=%E2%80%8E0912&q=%C3%90", form))

    assert request.GET.getlist("q") == ["0912", "Đ"]
    assert request.POST.getlist("who") == ["1", "Đ"]
    assert request.POST["title"] == "Đợt 1"
    assert (request.POST["password"], request.POST["new_password1"]) == (secret, secret)


def test_clean_request_is_handed_on_as_it_is(rf):
    request = rf.post("/?q=Đỗ", {"title": "Tập huấn"})
    query, form = request.GET, request.POST

    sent_to_view(request)

    assert request.GET is query
    assert request.POST is form


def forms_below(form):
    return {form}.union(*map(forms_below, form.__subclasses__()))


def test_every_password_field_is_named_so_that_it_is_left_alone():
    import_module(settings.ROOT_URLCONF)
    forms = forms_below(Form) | forms_below(ModelForm)
    fields = [field for form in forms for field in form.base_fields.items()]
    secret = {name for name, field in fields if isinstance(field.widget, PasswordInput)}

    assert len(secret) > 1
    assert {name for name in secret if "password" not in name} == set()
