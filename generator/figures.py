"""What a figure of a paper shows: the rows of one of its lists as the numbers of a chart, or a picture handed over."""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.printed import clean
from generator.wording import brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.forms import Form
    from macros.records import Record, Value

#: How a figure is named in Word, in the alternative text of its drawing: 图：故障趋势.
MARK = "图："
#: How it is named among the placeholders of a paper, which says what its drawing must be.
CHART, PICTURE = "图表：", "图片："
#: How a chart of made-up numbers says which figure it is.
SAMPLED = "〔图：{name}〕"
#: The kinds of charts, and of figures that are none.
CHARTS, PICTURES = ("columns", "stacked", "bars", "line", "pie"), ("picture",)
#: What a chart counts that shows no column.
COUNTED = "integer"
#: How labels of days are shortened.
SPANS: Mapping[str, Callable[[dt.date], str]] = {
    "month": lambda day: f"{day:%Y-%m}", "day": lambda day: f"{day:%m-%d}",
}


class Series(NamedTuple):
    """One colour of a chart: the sum of ``column`` over the rows of a label, or their number where it is empty."""

    title: str
    column: str = ""


class Figure(NamedTuple):
    """A chart drawn from a list of the paper, or a picture that a command hands over.

    ``label`` is the column that names the groups, ``by`` shortens days to month or day; ``most`` is how many labels
    are shown at most, 0 for all.
    """

    name: str
    kind: str
    list: str = ""
    label: str = ""
    series: tuple[Series, ...] = ()
    title: str = ""
    unit: str = ""
    by: str = ""
    most: int = 0

    @property
    def field(self) -> str:
        """Its name among the paper's placeholders."""
        return (PICTURE if self.kind in PICTURES else CHART) + self.name


def parse(raw: Iterable[Mapping[str, Any]]) -> tuple[Figure, ...]:
    """The figures of a definition as read from TOML."""
    return tuple(
        Figure(
            each["name"], each["kind"], each.get("list", ""), each.get("label", ""),
            tuple(Series(one["title"], one.get("column", "")) for one in each.get("series", ())),
            each.get("title", each["name"]), each.get("unit", ""), each.get("by", ""), each.get("most", 0),
        ) for each in raw
    )


def drawn(figure: Figure, form: Form, records: Sequence[Record]) -> str:
    """The numbers of a chart as text, which decides its bytes.

    Rows of one label are added up, labels stand in the order in which they first appear. A blank shows as a gap; where
    other rows of its label have a figure, as nothing.
    """
    groups: dict[str, list[Record]] = {}
    kind = form.column(figure.label).type
    for record in records:
        groups.setdefault(_label(record[figure.label], kind, figure.by), []).append(record)
    labels = list(groups)[: figure.most or None]
    values = [[_sum(groups[label], one.column) for label in labels] for one in figure.series]
    types = [form.column(one.column).type if one.column else COUNTED for one in figure.series]
    return _text(figure, labels, types, values)


def sample(figure: Figure, form: Form | None) -> str:
    """Made-up numbers for the template's own chart and for previews; a grey field for a picture.

    The chart names itself in its first label, since LibreOffice saves charts without their alternative text.
    """
    if figure.kind in PICTURES:
        from generator.figure_drawing import field

        return picture(field())
    labels = [SAMPLED.format(name=figure.name), "〔二〕", "〔三〕"]
    types = [form.column(one.column).type if one.column and form else COUNTED for one in figure.series]
    values = [
        [f"{'0.' if kind == 'rate' else ''}{(place * 2 + turn * 3) % 5 + 2}" for place in range(len(labels))]
        for turn, kind in enumerate(types)
    ]
    return _text(figure, labels, types, values)


def picture(content: bytes) -> str:
    """A picture as text among a paper's values.

    Args:
        content: a PNG file.
    """
    return base64.b64encode(content).decode()


def content(field: str, value: str) -> bytes:
    """The bytes that stand in the paper for a figure.

    Args:
        field: its name among the placeholders.
        value: as `drawn` or `picture` gave it; a blank picture when empty.
    """
    if field.startswith(PICTURE):
        from generator.figure_drawing import blank

        return base64.b64decode(value) if value else blank()
    from generator.figure_charts import chart

    return chart(json.loads(value))


def _text(
    figure: Figure, labels: Sequence[str], types: Sequence[str], values: Sequence[Sequence[str | None]],
) -> str:
    data = {
        "kind": figure.kind, "title": figure.title, "unit": figure.unit, "labels": labels,
        "series": [
            {"title": one.title, "type": kind, "values": row}
            for one, kind, row in zip(figure.series, types, values, strict=True)
        ],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _label(value: Value, kind: str, by: str) -> str:
    if by and isinstance(value, dt.date):
        return SPANS[by](value)
    return clean(brief(value, kind)).replace("\n", " ")


def _sum(records: Sequence[Record], column: str) -> str | None:
    if not column:
        return str(len(records))
    known = [value for record in records if isinstance(value := record[column], Decimal | int)]
    return f"{sum(known, Decimal(0)):f}" if known else None
