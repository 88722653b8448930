"""What a rule of imports answers when it says no."""

from lms.core.refusal import RefusedError


class ImportRefusedError(RefusedError):
    """A step that cannot be taken now; nothing was lost and nothing written."""
