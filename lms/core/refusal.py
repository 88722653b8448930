"""The one way in which a business rule says no."""

from types import TracebackType
from typing import Self


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


class CatchRefusal:
    """Keep the refusal of a rule that is asked inside; what stands after it goes on.

    Subclasses override `show` to tell the person at once.
    """

    refusal: Refusal | None = None

    @property
    def message(self) -> str:
        """The sentence of the refusal; empty when the rule agreed."""
        return self.refusal.message if self.refusal else ""

    @property
    def code(self) -> str:
        """The code of the refusal; empty when the rule agreed."""
        return self.refusal.code if self.refusal else ""

    def show(self, refusal: Refusal) -> None:
        """Show nothing yet: the caller reads `refusal` or `message`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Refusal):
            return False
        self.refusal = error
        self.show(error)
        return True
