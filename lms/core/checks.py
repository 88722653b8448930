"""What `manage.py check` says about the language of the interface."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

LANGUAGE = "vi"


@register("suite")
def check_language(**kwargs: Any) -> list[CheckMessage]:
    """Check that the interface speaks Vietnamese unless asked otherwise, and can."""
    messages: list[CheckMessage] = []
    if settings.LANGUAGE_CODE != LANGUAGE:
        messages.append(
            Error("LANGUAGE_CODE is not Vietnamese.", hint="Set it to “vi”.", id="suite.E004")
        )
    missing = [
        str(path.relative_to(settings.BASE_DIR))
        for path in _compiled_catalogues()
        if not path.is_file()
    ]
    if missing:
        messages.append(
            Warning(
                f"Message catalogues are not compiled: {', '.join(missing)}.",
                hint="Run “make messages”.",
                id="suite.W005",
            )
        )
    return messages


def _compiled_catalogues() -> list[Path]:
    own = [app for app in apps.get_app_configs() if _is_own(app)]
    folders = [Path(app.path) / "locale" for app in own]
    folders += [Path(folder) for folder in settings.LOCALE_PATHS]
    # Beside each written one: the supplement to the packages has no English, but scripts.
    return [
        written.with_suffix(".mo")
        for folder in folders
        for written in sorted(folder.glob("*/LC_MESSAGES/*.po"))
    ]


def _is_own(app: AppConfig) -> bool:
    path = Path(app.path)
    inside = path.is_relative_to(settings.BASE_DIR)
    return inside and "site-packages" not in path.parts
