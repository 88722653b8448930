"""What a rule answers when it says no."""


class DomainError(Exception):
    """A refusal: `code` for the machine, `message` a translated sentence for the person.

    The message may stand on the page as it is: it says what is wrong and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
