"""Forms and choosers of the admin, sent what no browser offers: refused as a wrong choice or not
found, never an error of the program.
"""

import itertools
import logging

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_filters.filterset import BaseFilterSet
from wagtail.blocks import BlockField

from tests.factories.accounts import UserFactory, browse
from tests.shared import shared
from tests.walk.addresses import ENDINGS, every_address
from tests.walk.scenario import make_scenario
from tests.walk.walker import Walker

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file open from which it makes a smaller picture.
    pytest.mark.filterwarnings(
        "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
    ),
]

FORGED = {"word": "abc", "huge": str(10**30), "nul": "abc\x00", "negative": "-1"}
# PostgreSQL takes fewer numbers and texts than SQLite, so the walk goes there alone.
on_sqlite_too = pytest.mark.sqlite("each database has its own largest number")
FORGED_HERE = "forged"


@shared
def scenario(edition):
    return make_scenario()


@pytest.fixture
def root(scenario):
    return UserFactory(is_superuser=True)


@pytest.fixture
def client(root):
    logging.disable(logging.CRITICAL)
    client = Client(raise_request_exception=False)
    client = browse(root)
    yield client
    logging.disable(logging.NOTSET)


def forms_of(response):
    """The forms of a page and of what stands in it, each once."""
    # The files alone: the end of a request would end the connection to the database.
    for close in response._resource_closers:
        close()
    layers = response.context or ()
    # One template, or one that is made of others.
    parts = layers.dicts if hasattr(layers, "dicts") else [it for one in layers for it in one.dicts]
    values = [_form_in(value) for part in parts for value in part.values()]
    return {id(value): value for value in values if isinstance(value, forms.BaseForm)}.values()


def _form_in(value):
    return value.form if isinstance(value, BaseFilterSet) else value


def asked_by(form):
    """What a form asks for that is to be a row that exists: forged; the rest as it has to be."""
    formsets = getattr(form, "formsets", {}).values()
    inner = [(one, one.forms) for one in formsets]
    fields = [
        one.add_prefix(name)
        for one in [form, *itertools.chain(*(rows for _formset, rows in inner))]
        for name, field in one.fields.items()
        if isinstance(field, forms.ChoiceField)
    ]
    counts = {
        formset.management_form.add_prefix(name): len(rows)
        for formset, rows in inner
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    streams = {
        f"{form.add_prefix(name)}-count": 0
        for name, field in form.fields.items()
        if isinstance(field, BlockField)
    }
    return dict.fromkeys(fields, FORGED_HERE) | counts | streams


def test_no_view_of_the_admin_falls_over_what_no_browser_sends(scenario, client, root):
    sender = Walker(root)
    found = {
        address: list(forms_of(client.get(address.path)))
        for address in every_address(scenario)[0]
        if address.path.startswith("/quan-tri/")
        and not address.name.endswith(("_file", "error_test", *ENDINGS))
    }
    asked = {
        address: data
        for address, shown in found.items()
        # Of a list the rows alone are asked for, as a browser does that filters it.
        if not address.has_results
        and (data := {k: v for form in shown for k, v in asked_by(form).items()})
    }

    assert len(found) > 200
    assert len(asked) > 50
    assert len([address for address in asked if address.is_results]) > 20
    assert [it for address, data in asked.items() for it in failures(sender, address, data)] == []
    broken = [broken_by(sender, address, shown) for address, shown in found.items()]
    assert list(itertools.chain(*broken)) == []


def broken_by(client, address, shown):
    """Forms of which everything, or all but the beginning, is missing, and with words for numbers."""
    if not address.takes_forms:
        return
    spoiled = {form.add_prefix(name): "abc" for form in shown for name in form.fields}
    spoiled |= {name: "abc" for form in shown for name in asked_by(form)}
    begun = {name: "1" for name in spoiled if name.endswith("-count")}
    kinds = {"spoiled": spoiled, "begun": begun}
    for kind, data in {"cut": {}, **{kind: sent for kind, sent in kinds.items() if sent}}.items():
        with transaction.atomic():
            response = client.post(address.path, data)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            yield f"{address.path} {kind}"


def test_way_back_that_is_no_address_is_refused(scenario, client):
    page = reverse("wagtailadmin_pages:unpublish", args=[scenario.common_page.pk])

    assert client.post(page, {"next": "home"}).status_code == 400
    assert client.post(f"{page}?next=home").status_code == 400
    assert client.post(page, {"next": "/quan-tri/"})["Location"] == "/quan-tri/"


def test_page_whose_text_was_not_sent_is_refused_with_a_sentence(scenario, client):
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[scenario.common_page.pk]))

    assert answer.status_code == 400
    assert answer.templates[0].name == "400.html"


def failures(client, address, data):
    """A list is filtered, another form is sent."""
    send = client.get if address.is_results else client.post
    for kind, forged in FORGED.items():
        if kind == "word" and not address.is_results:
            # Words for everything that a form asks for: `broken_by`.
            continue
        with transaction.atomic():
            named = {
                name: forged if value == FORGED_HERE else value for name, value in data.items()
            }
            response = send(address.path, named)
            transaction.set_rollback(True)
        if response.status_code >= 500 or "/login/" in response.get("Location", ""):
            yield f"{address.path} {kind} {response.status_code}"


@on_sqlite_too
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_address_that_names_no_row_is_not_found(client, forged):
    asked = [
        client.get(reverse(name), {parameter: forged})
        for name, parameter in (
            ("wagtailimages_chooser:chosen_multiple", "id"),
            ("wagtaildocs_chooser:chosen_multiple", "id"),
            ("wagtailadmin_choose_page_chosen_multiple", "id"),
            ("wagtailadmin_choose_page", "target_pages[]"),
        )
    ]
    asked += [
        client.get(reverse(f"{name}:chosen", args=[forged]))
        for name in ("wagtailimages_chooser", "wagtaildocs_chooser", "question_chooser")
    ]
    asked.append(client.get("/quan-tri/bulk/wagtailusers/user/delete/", {"id": forged}))

    assert {response.status_code for response in asked} == {404}


@on_sqlite_too
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_picture_in_a_lesson_that_is_none_is_left_out(scenario, client, forged):
    lesson = scenario.common_page
    body = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "figure",
        "body-0-value-image-image": forged,
        "body-0-value-image-alt_text": "x",
        "body-0-value-caption": "",
    }

    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        {"title": lesson.title, "slug": lesson.slug, "comments-TOTAL_FORMS": 0, **body},
    )

    (figure,) = response.context["form"].cleaned_data["body"]
    assert figure.value["image"] is None
