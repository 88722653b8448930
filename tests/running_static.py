"""Static files of the suite that the browser tests look at."""

from collections.abc import Iterable, Iterator

from lms.design.stylesheets import GatheredStylesStorage

# Two thirds of what there is to compress. What is counted on the wire are the pages of the trainee.
_NOT_COUNTED = ("wagtailadmin/",)


class CountedFilesStorage(GatheredStylesStorage):
    """Compresses what is counted on the wire; Wagtail's editor is sent as it is."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        return super().compress_files(path for path in paths if not path.startswith(_NOT_COUNTED))
