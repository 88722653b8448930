"""The links to the pages that everybody can read, at the foot of each page."""

from django import template
from django.core.cache import cache
from django.urls import reverse

from courses.enums import InfoPlace
from courses.models import InfoPage
from courses.models.info import INFO_LINKS

register = template.Library()
_KEPT_SECONDS = 60


@register.simple_tag
def info_links() -> list[dict[str, str]]:
    """Return `label` and `url` of each page that is public, help in any case; asks the database once a minute."""
    rows = cache.get(INFO_LINKS)
    if rows is None:
        pages = InfoPage.objects.live().exclude(place=InfoPlace.FRONT)
        rows = sorted(pages.values_list("place", "title"))
        cache.set(INFO_LINKS, rows, _KEPT_SECONDS)
    if InfoPlace.HELP not in dict(rows):
        # The suite brings one, which a page of that place replaces.
        rows = [*rows, (InfoPlace.HELP.value, InfoPlace.HELP.label)]
    return [{"label": title, "url": reverse(InfoPlace(place).url_name)} for place, title in rows]
