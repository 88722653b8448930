"""The one way in which a business rule says no."""


class Refusal(Exception):  # noqa: N818 (a rule that says no is no error)
    """A rule says no: `code` tells a machine why, `message` tells the person.

    The code is stable and has one meaning. The message is a full translated sentence that may
    stand on the page as it is: it says what is wrong and what to do. `field` names what the person
    typed or chose, where the sentence is about that; `lms.core.show_refusal` puts it there.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
