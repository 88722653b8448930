"""The tables of the core: signs of life of each process, and what is set for the site."""

from functools import partial
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Site

from lms.core.site_policy import ProvincePolicy

#: The key in the cache; nothing is looked up while it is there.
SITE_DETAILS: Final = "lms.site_details"
# A worker that missed a change knows it after this.
_KEPT_SECONDS = 60


class Heartbeat(models.Model):
    """The last sign of life of a process; written by `lms.core.heartbeats.record_heartbeat`."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    ticked_at = models.DateTimeField(_("last tick"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class CacheEntry(models.Model):
    """What the cache keeps while Valkey is away; Django's cache in the database reads and writes it."""

    cache_key = models.CharField(_("key of the entry"), max_length=255, primary_key=True)
    value = models.TextField(_("value"))
    expires = models.DateTimeField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.cache_key


class SiteDetails(BaseSiteSetting):
    """What the site is called, who runs it, and how pages are published there.

    Read through `site_details`, which asks the database only now and then.
    """

    name = models.CharField(
        _("name of the site"),
        max_length=120,
        blank=True,
        help_text=_("At the top of every page and in every message."),
    )
    unit = models.CharField(
        _("office in charge"),
        max_length=200,
        blank=True,
        help_text=_("Who runs the training; at the foot of every page."),
    )
    contact = models.CharField(
        _("whom to ask"),
        max_length=200,
        blank=True,
        help_text=_("A phone number or an e-mail address; at the foot of every page."),
    )
    issuer = models.CharField(
        _("issuer of the certificates"),
        max_length=200,
        blank=True,
        help_text=_("Put into a new certificate template; old certificates keep theirs."),
    )
    programme_line = models.CharField(
        _("line about the programme"),
        max_length=200,
        blank=True,
        help_text=_("Above the heading of the front page: province and programme."),
    )
    asks_approval = models.BooleanField(
        _("trainers ask before they publish"),
        default=False,
        help_text=_(
            "If ticked, trainers submit their pages, and an administrator or a reviewer "
            "approves them."
        ),
    )

    panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("unit"),
                FieldPanel("contact"),
                FieldPanel("issuer"),
                FieldPanel("programme_line"),
            ],
            heading=_("Name and contact"),
        ),
        MultiFieldPanel([FieldPanel("asks_approval")], heading=_("Publishing")),
    ]

    class Meta:
        verbose_name = _("name, contact and publishing")
        verbose_name_plural = _("names, contacts and publishing")

    @classmethod
    def get_permission_policy(cls) -> ProvincePolicy:
        return ProvincePolicy(cls)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        cache.delete(SITE_DETAILS)
        # Once more: somebody may have read the old row before this one was committed.
        transaction.on_commit(partial(cache.delete, SITE_DETAILS))


def site_details() -> SiteDetails:
    """Return what is set for the default site, empty where nothing is; not to be saved."""
    row = cache.get(SITE_DETAILS)
    if row is None:
        row = SiteDetails.objects.filter(site__is_default_site=True).values().first() or {}
        cache.set(SITE_DETAILS, row, _KEPT_SECONDS)
    return SiteDetails(**row)


def suite_name() -> str:
    """Return what the site is called, in the language of the moment."""
    return site_details().name or str(settings.SUITE_NAME)


def change_site_details(**values: Any) -> SiteDetails:
    """Set these columns for the default site; for commands that load content."""
    site = Site.objects.get(is_default_site=True)
    details, _is_new = SiteDetails.objects.update_or_create(site=site, defaults=values)
    return details
