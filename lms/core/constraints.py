"""Constraints that Django has no class for."""

from typing import Any

from django.db.models import BaseConstraint


class PairedForeignKey(BaseConstraint):
    """The row that the foreign key `key` leads to holds in `agrees` what this row holds in `with_`.

    A foreign key of two columns, kept by the database itself on SQLite and PostgreSQL; checked
    when the transaction ends, as Django's own are. The other table needs a UniqueConstraint on
    its primary key and that column.
    """

    def __init__(self, *, name: str, key: str, with_: str, agrees: str) -> None:
        super().__init__(name=name)
        self.key = key
        self.with_ = with_
        self.agrees = agrees

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        key = model._meta.get_field(self.key)
        other = key.remote_field.model._meta
        ours = (key.column, model._meta.get_field(self.with_).column)
        theirs = (other.pk.column, other.get_field(self.agrees).column)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({', '.join(map(quote, ours))}) "
            f"REFERENCES {quote(other.db_table)} ({', '.join(map(quote, theirs))}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to the rule of the domain to refuse a form, with a sentence."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _args, kwargs = super().deconstruct()
        pair = {"key": self.key, "with_": self.with_, "agrees": self.agrees}
        return path, (), {**kwargs, **pair}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PairedForeignKey):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
