"""How something that plug-ins or administrators rely on goes: after two minor versions of warnings."""

import warnings


class RemovedLaterWarning(DeprecationWarning):
    """Something still works and will not in the version that is named (docs/upgrading.md)."""


def warn_of_removal(what: str, *, instead: str, removed_in: str, stacklevel: int = 2) -> None:
    """Tell whoever still uses `what`; `removed_in` is the second minor version after this one.

    A test finds each call by its `removed_in` and fails once that version is there.
    """
    message = f"{what} goes in version {removed_in}: use {instead} instead."
    warnings.warn(message, RemovedLaterWarning, stacklevel=stacklevel + 1)
