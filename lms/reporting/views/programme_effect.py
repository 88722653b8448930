"""What reports tell of a programme before it is changed: the effect on its figures."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.domain.programme_changes import ProgrammeChange
from lms.core.readers import SignedInRequest
from lms.reporting.domain.programme_effect import effect_on_figures
from lms.reporting.labels import effect_sentences


class EffectOnFigures:
    """Before and after, by district and by state."""

    key = "reporting.programme_effect"
    place = "programme_effect"
    order = 10
    template = "reporting/panels/programme_effect.html"

    def context(self, request: SignedInRequest, subject: ProgrammeChange) -> dict[str, Any]:
        effect = effect_on_figures(change=subject, on=localdate(), reader=request.user)
        return {"effect": effect, "sentences": effect_sentences(_("All places"), effect)}
