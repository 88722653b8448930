"""The refusal of a business rule, for people and for machines."""


class RefusedError(Exception):
    """A rule says no: `code` for the machine, the text a full translated sentence.

    The scoped admin views show the sentence on the form and keep what was typed.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)
