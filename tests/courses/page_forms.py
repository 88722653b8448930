"""The forms of pages as a browser sends them, by a button or by themselves."""

from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from lms.core.text import slug
from tests.factories.accounts import browse

PUBLISH = {"action-publish": "1"}


def posted(author, url, title, accept, **more):
    values = {"title": title, "slug": slug(title), "code": "M01", "as_of": "2014", "summary": ""}
    values |= {"outcomes": "", "cover": streamfield([])} | more
    return browse(author).post(url, nested_form_data(values), headers={"accept": accept})


def add(author, course, title, accept, **more):
    """What comes of the form of a new module, sent with this title."""
    url = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", course.pk])
    return posted(author, url, title, accept, **more)
