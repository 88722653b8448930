"""The messages of the installed packages: which can be seen here, and which lack Vietnamese.

Wagtail, Django and the others bring Vietnamese catalogues, most of them thin. What they lack
is written in `lms/vietnamese`, whose ids come from here instead of from sources.
"""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from django.apps import apps

from lms.catalogues.extraction import (
    extract_file,
    first_id,
    is_translated,
    read_catalogue,
    translatable_files,
)

PROJECT = Path(__file__).resolve().parents[2]
SEEN = ""
# (source file, why nobody sees its messages); the first pattern that fits decides.
RULES = (
    ("*/apps.py", "the names of apps stand in Django's own admin only"),
    ("*/management/*", "commands speak to programmers"),
    ("allauth/account/adapter.py", SEEN),
    ("allauth/account/fields.py", SEEN),
    ("allauth/account/forms.py", SEEN),
    ("allauth/*", "the other pages have no address here; the suite brings its own templates"),
    ("django/conf/global_settings.py", "only Vietnamese and English can be chosen"),
    ("django/contrib/auth/admin.py", "Django's own admin is not installed"),
    ("django/contrib/auth/templates/*", "Django's own admin is not installed"),
    ("django/contrib/auth/hashers.py", "Django's own admin is not installed"),
    ("django/contrib/sessions/*", "Django's own admin is not installed"),
    ("django/contrib/contenttypes/*", "texts of errors that the suite's own page covers"),
    ("django/views/*", "texts of errors that the suite's own pages cover"),
    ("django_filters/*rest_framework/*", "no REST framework is installed"),
    ("*/taggit/serializers.py", "no REST framework is installed"),
    ("import_export/widgets.py", SEEN),
    ("import_export/*", "its pages stand on Django's own admin; the five steps have their own"),
    ("treebeard/*", "Wagtail moves pages with forms of its own"),
)


def packages() -> Iterator[tuple[str, Path]]:
    """Yield (name, folder) of Django itself and each installed app that can be translated.

    The name is the one that the locations in its catalogues are relative to.
    """
    if not apps.ready:
        # Set, not proposed: `lms` itself has proposed production's, which ask for an environment.
        os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.base"
        django.setup()
    yield "django", Path(django.__file__).parent / "conf"
    for app in apps.get_app_configs():
        own = (PROJECT / app.name.partition(".")[0]).is_dir()
        if not own and (Path(app.path) / "locale").is_dir():
            name = "django" if app.name.startswith("django.") else app.name.replace(".", "/")
            yield name, Path(app.path)


def why_hidden(source: str) -> str:
    """Return the reason why the messages of this source file are not seen, or `SEEN`."""
    return next((reason for pattern, reason in RULES if fnmatch(source, pattern)), SEEN)


def source_messages(name: str, folder: Path, domain: str) -> Iterator[tuple[Message, list[str]]]:
    """Yield each message of a package with the source files that it stands in."""
    template = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if template.exists():
        for message in read_catalogue(template, "en"):
            if message.id:
                yield message, [f"{name}/{file}" for file, _line in message.locations]
    elif domain == "django":
        for path in translatable_files(folder):
            source = f"{name}/{path.relative_to(folder).as_posix()}"
            for ids, comments, context in extract_file(path):
                yield Message(ids, auto_comments=comments, context=context), [source]


def seen_messages(domain: str) -> Catalog:
    """Return every message that somebody can see."""
    seen = Catalog()
    for name, folder in packages():
        for message, sources in source_messages(name, folder, domain):
            if all(map(why_hidden, sources)) and sources:
                continue
            seen.add(message.id, auto_comments=message.auto_comments, context=message.context)
    return seen


def translated_by_packages(domain: str, locale: str) -> set[tuple[str | None, str]]:
    """Return (context, id) of what the packages themselves translate."""
    return {
        (message.context, first_id(message))
        for _name, folder in packages()
        for message in read_catalogue(
            folder / "locale" / locale / "LC_MESSAGES" / f"{domain}.po", locale
        )
        if is_translated(message)
    }


def wanted(domain: str, locale: str, present: Catalog) -> Catalog:
    """Return the ids of the supplementary catalogue.

    These are what can be seen and is not translated by a package, and what is translated
    badly: an id that was put into the supplement by hand stays as long as it can be seen.
    """
    done = translated_by_packages(domain, locale)
    template = Catalog()
    for message in seen_messages(domain):
        if not message.id:
            continue
        key = (message.context, first_id(message))
        if key not in done or present.get(first_id(message), message.context):
            template[message.id] = message
    return template
