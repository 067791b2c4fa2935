"""What the bill command answers: the month's data for programs, and its sums for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.billing.lines import segment_amount
from macros.commands import Answer, lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.documents import Batch
    from macros.billing.lines import Line
    from macros.commands.bill.reckoning import Month
    from macros.findings import Finding


def told_month(
    made: Month, batch: Batch | None, where: Mapping[str, str], findings: Sequence[Finding], books: Sequence[Path] = (),
) -> Answer:
    """The answer about a month: worked out only where ``where`` is empty, else with what was made below a folder."""
    own = made.bill
    documents = [row.as_json() for row in batch.made] if batch else []
    home = Path(where["folder"]) if where else None
    files = {row["key"]: str(home / row["file"]) for row in documents if row["form"] == "3.11" and home}
    withheld = [row.as_json() for row in batch.withheld] if batch else []
    said = list(dict.fromkeys(findings))

    def told() -> dict[str, Any]:
        return {
            "month": own.month,
            "statements": [
                {
                    "customer": one.operator, "file": files.get(f"{own.month}/{one.operator}"), "lines": len(one.lines),
                    "total_ex_tax": str(one.net), "tax": str(one.tax), "total": str(one.total),
                } for one in made.accounts
            ],
            "control": {
                "leases_in": own.leases_in, "lines_out": len(own.lines),
                "excluded": [{"key": one.key, "why": one.why} for one in own.excluded],
                "total_ex_tax": str(sum(one.net for one in made.accounts)),
            },
            "snapshot": made.digest,
            "lines": [_line(one) for one in own.lines],
            "runs": [
                {"key": one.key, "customer": one.operator, "fee": str(one.fee), "why": one.why} for one in own.runs
            ],
            "adjustments": [
                {
                    "month": one.month, "key": one.key, "customer": one.operator, "amount": str(one.amount),
                    "reason": one.reason,
                } for one in made.adjustments
            ],
            "documents": documents, "withheld": withheld, "workbooks": [str(path) for path in books], **where,
            "findings": [one.as_json() for one in said],
        }

    return Answer(told, lists.whole(_lines(made, where, withheld), said), lists.status(said, withheld))


def _line(line: Line) -> dict[str, Any]:
    lease = line.lease
    return {
        "key": lease.key, "customer": lease.operator, "site": lease.site, "amount": str(line.amount),
        "items": {name: str(amount) for name, amount in line.items},
        "segments": [
            {
                "from": one.first.isoformat(), "to": one.last.isoformat(), "tenants": one.tenants,
                "anchor": line.of(one).terms.anchor, "days": one.days,
                "amount": str(segment_amount(line.of(one), one)),
            } for one in line.segments
        ],
    }


def _lines(made: Month, where: Mapping[str, str], withheld: Sequence[Mapping[str, Any]]) -> list[str]:
    own = made.bill
    lines = [f"{own.month} 账单：租约 {own.leases_in} 份，出账 {len(own.lines)} 条，未出账 {len(own.excluded)} 份。"]
    lines += [
        f"  {one.operator}  {len(one.lines)} 条  不含税 {one.net:,}  税额 {one.tax:,}  价税合计 {one.total:,}"
        + (f"  其中历史调整 {one.corrected:,}" if one.adjustments else "")
        for one in made.accounts
    ]
    lines.append(f"  数据快照 {made.digest[:16]}" + (f"；存于“{where['folder']}”" if where else "；没有出账"))
    lines += lists.some([f"  未出账 {one.key}：{one.why}" for one in own.excluded if one.doubted])
    lines += lists.some([
        "\n".join([f"  扣发 {row['form']} {row['key']}：", *(f"    {one['message']}" for one in row["findings"])])
        for row in withheld
    ])
    return lines
