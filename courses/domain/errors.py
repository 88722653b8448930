"""What a rule answers when it says no."""

from lms.core.refusal import RefusedError


class DomainError(RefusedError):
    """A refusal: `code` for the machine, `message` a translated sentence for the person.

    The message may stand on the page as it is: it says what is wrong and what to do. `field`
    names the field of a form that it belongs to, if there is one.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(code, message)
        self.message = message
        self.field = field
