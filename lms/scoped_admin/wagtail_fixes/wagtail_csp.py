"""Wagtail's choosers without an inline script, which the Content-Security-Policy refuses.

Date fields and lists of rows are mended by the templates in `lms/scoped_admin/templates/wagtailadmin`;
a chooser writes its script in Python, so it is mended here. `admin_policy.js` makes the call.
"""

import json
import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser

CALL = re.compile(r"<script>(?:new )?(\w+)\((.*)\);</script>\s*$", re.DOTALL)
_render = BaseChooser.render


def render_chooser(
    widget: BaseChooser, name: str, value: Any, attrs: Any = None, renderer: Any = None
) -> SafeString:
    """Render the chooser with the call of its script as data;
    `value` and `attrs` as Wagtail has them.
    """
    html = _render(widget, name, value, attrs=attrs, renderer=renderer)
    call = CALL.search(html)
    if call is None:
        raise ValueError(f"{type(widget).__name__} is not started as Wagtail 8.0 starts a chooser")
    return format_html(
        '{}<template data-call="{}" data-arguments="{}"></template>',
        SafeString(html[: call.start()]),
        call[1],
        json.dumps(json.loads(f"[{call[2]}]")),
    )


def use_chooser_without_script() -> None:
    BaseChooser.render = render_chooser
