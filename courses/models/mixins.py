"""What a course, a module and a lesson are, whatever page class carries it.

Abstract, so that a site with its own base page keeps it (Wagtail's base page is swappable).
"""

from typing import ClassVar, Final, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from courses.blocks import CoverBlock, LessonBodyBlock
from courses.models.titles import TitlePair, plain_title
from lms.core.fields import CodeField, DerivedTextField
from lms.core.text import fold
from lms.geography.models import AdministrativeUnit

LONGEST_CODE: Final = 30


class DatedContentMixin(models.Model):
    """Content that says which state of the law and the plan it tells."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences."))
    as_of = models.CharField(
        _("as of"),
        max_length=60,
        help_text=_("The year of the law and plan that the text describes."),
    )

    class Meta:
        abstract = True


class CourseMixin(DatedContentMixin):
    code = CodeField(_("code"), max_length=LONGEST_CODE, unique=True)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("belongs to"),
        help_text=_("Without a unit the course is the province's."),
    )

    content_panels_extra: ClassVar = [
        FieldPanel(
            "code", help_text=_("Short and unique: letters without marks, digits, hyphens.")
        ),
        FieldPanel("as_of"),
        FieldPanel("summary"),
        FieldPanel("unit", required_on_save=True),
    ]

    class Meta:
        abstract = True


class ModuleMixin(DatedContentMixin):
    code = CodeField(_("code"), max_length=30)
    outcomes = models.TextField(
        _("outcomes"), blank=True, help_text=_("What trainees can do afterwards, one per line.")
    )
    # A stream of one, not a foreign key: whichever class pictures have, this column stays.
    cover = StreamField(CoverBlock(), blank=True, verbose_name=_("cover"))

    content_panels_extra: ClassVar = [
        FieldPanel("code", help_text=_("Short, for example M01.")),
        FieldPanel(
            "cover", help_text=_("Opens the page of the module; about twice as wide as high.")
        ),
        FieldPanel("as_of"),
        FieldPanel("summary"),
        FieldPanel("outcomes"),
    ]

    class Meta:
        abstract = True

    @property
    def outcome_list(self) -> list[str]:
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class LessonMixin(DatedContentMixin):
    minutes = models.PositiveSmallIntegerField(_("minutes to read"), default=8)
    is_required = models.BooleanField(
        _("counts for completion"), default=True, help_text=_("Untick for optional reading.")
    )
    body = StreamField(LessonBodyBlock(), verbose_name=_("body"))
    sources = models.TextField(
        _("sources"), blank=True, help_text=_("Where the facts come from, one per line.")
    )

    content_panels_extra: ClassVar = [
        FieldPanel("summary"),
        FieldPanel("body", help_text=_("Short pieces, one by one: text, picture, video, callout.")),
        MultiFieldPanel(
            [FieldPanel("as_of"), FieldPanel("sources")],
            heading=_("Where the facts come from"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("minutes", help_text=_("So that trainees can plan their time.")),
                FieldPanel("is_required"),
            ],
            heading=_("Study time"),
        ),
    ]

    search_fields_extra: ClassVar = [
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("folded_text"),
    ]

    class Meta:
        abstract = True

    def folded_text(self) -> str:
        """Return what the search finds without marks: "xam hai" finds "xâm hại"."""
        body = self.body.stream_block.get_searchable_content(self.body)
        return fold(" ".join([self.summary, *body]))

    @property
    def source_list(self) -> list[str]:
        return [line.strip() for line in self.sources.splitlines() if line.strip()]

    @property
    def named_sources(self) -> list[str]:
        """Return the sources in words, wherever the author wrote them: as lines or as a block."""
        blocks = (block.value for block in self.body if block.block_type == "sources")
        return self.source_list + [one["title"] for block in blocks for one in block["sources"]]


class WrittenPage(Protocol):
    title: str
    draft_title: str
    title_en: str


class PageTitleMixin(models.Model):
    """Lets "suc khoe" find "Sức khoẻ": Wagtail's own search does not fold Vietnamese.

    Beside `EnglishTitleMixin`: either title finds the page, and Wagtail's lists and choosers
    show the one of the interface.
    """

    folded_title = DerivedTextField(max_length=520, sources=("title", "title_en"), derive=fold)

    search_fields_extra: ClassVar = [
        index.AutocompleteField("folded_title"),
        index.SearchField("folded_title"),
    ]

    class Meta:
        abstract = True

    def get_admin_display_title(self: WrittenPage) -> str:
        return plain_title(TitlePair(self.draft_title or self.title, self.title_en))
