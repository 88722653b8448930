"""The pages around the courses that everybody can read: front page, about, help, questions."""

from typing import Any, ClassVar, Final

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBodyBlock
from courses.enums import InfoPlace
from courses.models.page_forms import ContentPageForm
from courses.models.page_rights import OwnedPageMixin
from courses.models.page_routing import ViewedPageMixin

#: The key in the cache of the links at the foot of each page; they are looked up once a minute.
INFO_LINKS: Final = "courses.info_links"


class InfoPage(ViewedPageMixin, OwnedPageMixin, Page):
    """Written by administrators of the province; its place decides where it answers."""

    parent_page_types: ClassVar = ["courses.CourseIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = len(InfoPlace)
    template = "courses/info.html"
    view_key = "info"
    base_form_class = ContentPageForm
    is_for_province = True
    readers_title = _("Visible to all")
    readers_note = _("Once live, everybody can read it without an account.")

    place = models.CharField(
        _("place"),
        max_length=10,
        choices=InfoPlace.choices,
        unique=True,
        help_text=_("There is one page of each."),
    )
    intro = models.TextField(_("introduction"), blank=True, help_text=_("One or two sentences."))
    body = StreamField(LessonBodyBlock(), blank=True, verbose_name=_("body"))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("place"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Return the fixed address of the place, whatever the slug."""
        parts = super().get_url_parts(request)
        if parts is None or not self.place:
            return parts
        site_id, root_url, _path = parts
        return site_id, root_url, reverse(InfoPlace(self.place).url_name)
