"""The templates of the suite, compiled before anybody asks for a page."""

import logging
from pathlib import Path
from typing import Final

from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

logger = logging.getLogger(__name__)

#: Where the templates of installed packages lie: most of them nobody asks for.
_PACKAGES: Final = "site-packages"


def compile_templates() -> int:
    """Compile the suite's own templates and return how many there are; a third of a second.

    Each process does it when it starts (`lms.core.first_page`): else the first visitor of each page waits
    for those of that page, as long as for all the rest of it. One with an error is logged: it takes its
    own page down, not all of them.
    """
    folders = [Path(one) for one in engines["django"].template_dirs]
    names = {
        str(path.relative_to(folder))
        for folder in folders
        if _PACKAGES not in folder.parts
        for path in folder.rglob("*.html")
    }
    for name in sorted(names):
        try:
            get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError):
            logger.exception("The template %s has an error", name)
    return len(names)
