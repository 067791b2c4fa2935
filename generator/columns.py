"""What stands behind each placeholder of a kind of document: a column of a table, or a computed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.definition_checks import ALWAYS, SERIAL
from generator.definitions import placeholder
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.definitions import Definition
    from macros.forms import Column


class Placeholder(NamedTuple):
    """A placeholder by its ``path`` as `generator.definitions.fields` writes it.

    ``holder`` is the join or list it belongs to, empty for the document's own; ``column`` is None for a computed value
    and for a list's serial number.
    """

    path: str
    holder: str
    column: Column | None
    required: bool

    @property
    def written(self) -> str:
        """The tag to copy into a template; within a loop the row is called 行."""
        name = self.path.rpartition(".")[2]
        return f"{{{{ 行.{name} }}}}" if "[]" in self.path else f"{{{{ {self.path} }}}}"


def placeholders(definition: Definition) -> list[Placeholder]:
    """Every placeholder of a kind of document once, its own first, then those of joins and of lists."""
    needed = required(definition)
    return [each._replace(required=each.path in needed) for each in _all(definition)]


def required(definition: Definition, template: str = "") -> frozenset[str]:
    """The placeholders that every paper of a kind prints, or every one made of ``template``."""
    paths = {*definition.required}
    for variant in definition.variants:
        paths |= {*variant.required} if variant.template == template else set()
    return frozenset(placeholder(definition, path) for path in paths)


def _all(definition: Definition) -> Iterator[Placeholder]:
    form = forms()[definition.table]
    own = [form.column(name) for name in definition.group] or form.columns
    yield from (Placeholder(column.title, "", column, False) for column in own)
    titles = {column.title for column in own}
    for name in (*ALWAYS, *(each.name for each in definition.computed)):
        if name not in titles:
            yield Placeholder(name, "", None, False)
    for join in definition.joins:
        for column in forms()[join.table].columns:
            yield Placeholder(f"{join.name}.{column.title}", join.name, column, False)
    for each in definition.lists:
        rows = f"{each.name}[]"
        yield Placeholder(f"{rows}.{SERIAL}", each.name, None, False)
        for column in forms()[each.table].columns:
            yield Placeholder(f"{rows}.{column.title}", each.name, column, False)
