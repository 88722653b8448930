"""What a row of a list changes, in values: words are made only of what differs."""

from typing import Any

from import_export.resources import Diff, Resource


class PlainDiff(Diff):
    """Old and new value of each column; only what differs is ever put into words."""

    def __init__(self, resource: Resource, instance: Any, new: bool) -> None:
        self.left = self._values(resource, instance)
        self.right: list[Any] = []
        self.new = new

    def compare_with(self, resource: Resource, instance: Any) -> None:
        self.right = self._values(resource, instance)

    def _values(self, resource: Resource, instance: Any) -> list[Any]:
        return [column.get_value(instance) for column in resource.get_import_fields()]

    def as_html(self) -> list[tuple[Any, Any]]:
        return list(zip(self.left, self.right, strict=True))
