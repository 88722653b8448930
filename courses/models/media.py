"""Pictures and documents of lessons, with where they come from and who allows their use.

The settings name both; code asks `get_image_model()` and `get_document_model()`.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models.reference_index import ReferenceGroups

from courses.enums import MediaRights


class MediaMixin(models.Model):
    source = models.CharField(
        _("source"),
        max_length=300,
        blank=True,
        help_text=_("Who made it, and where it was taken from."),
    )
    rights = models.CharField(
        _("right of use"),
        max_length=20,
        choices=MediaRights.choices,
        blank=True,
        help_text=_("Why it may stand in a course."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=120,
        blank=True,
        help_text=_("Its name, for instance CC BY 4.0; or the number of the permission."),
    )

    class Meta:
        abstract = True


class _UsesOfPicture(ReferenceGroups):
    """Counts questions as well: they are written in bulk, and so are not in Wagtail's index."""

    def __init__(self, references: Any, picture: "CourseImage") -> None:
        super().__init__(references)
        self.picture = picture

    def count(self) -> int:
        return int(super().count()) + self.picture.in_questions.count()


class CourseImage(MediaMixin, AbstractImage):
    """`description` is the alternative text that a lesson offers first."""

    admin_form_fields: ClassVar = (
        *("title", "file", "description", "source", "rights", "licence"),
        *("collection", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = Image._meta.verbose_name
        verbose_name_plural = Image._meta.verbose_name_plural

    def __str__(self) -> str:
        return self.title

    def get_usage(self) -> ReferenceGroups:
        """Return what shows the picture; Wagtail counts it beside the form."""
        return _UsesOfPicture(super().get_usage().qs, self)


class CourseRendition(AbstractRendition):
    image = models.ForeignKey(CourseImage, models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("size of a picture")
        verbose_name_plural = _("sizes of pictures")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="course_rendition_once"
            )
        ]


class CourseDocument(MediaMixin, AbstractDocument):
    """A document, a recording or a video; `length` is how long one listens or watches."""

    length = models.CharField(
        _("length"),
        max_length=50,
        blank=True,
        help_text=_("Of a recording or video, for instance 3 minutes."),
    )
    description = models.TextField(
        _("what it holds"),
        blank=True,
        help_text=_("For those who cannot hear or see it: a summary, or what is said."),
    )

    admin_form_fields: ClassVar = (
        *("title", "file", "description", "length", "source", "rights", "licence"),
        *("collection", "tags"),
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = Document._meta.verbose_name
        verbose_name_plural = Document._meta.verbose_name_plural

    def __str__(self) -> str:
        return self.title
