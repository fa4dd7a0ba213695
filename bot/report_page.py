"""A report as one page that needs nothing else: the numbers, and bars drawn as SVG within it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from actions.report import Report
from actions.words import Words
from bot.report_lines import Layout, layout

# The page draws so many lines; the table has all of them.
DRAWN = 20
_LABEL, _BAR, _ROW, _VALUE = 190, 250, 26, 80
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6875; --line: #d9dfe5; --paper: #fff;
  --one: #2b6cb0; --two: #b7791f; --three: #c53030; --four: #2f855a; --back: #edf1f5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --line: #33404d; --paper: #151b21;
  --one: #63a4e0; --two: #e0b050; --three: #f08080; --four: #68c797; --back: #202932; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 18px; margin: 0 0 8px; }
.period, .notes { color: var(--soft); margin: 4px 0 20px; }
.sums { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 24px; padding: 0; list-style: none; }
.sums li { background: var(--back); border-radius: 10px; padding: 10px 16px; min-width: 112px; }
.sums b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; } .sums span { color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 28px; margin-bottom: 28px; }
figure { margin: 0; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 14px; } svg .back { fill: var(--back); }
.one { fill: var(--one); } .two { fill: var(--two); } .three { fill: var(--three); } .four { fill: var(--four); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } th { color: var(--soft); font-weight: 600; }
tr:last-child td { font-weight: 700; }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
"""


def page(report: Report[Any], words: Words) -> str:
    """The whole page. It loads nothing, and runs nothing."""

    def word(name: str, **gaps: object) -> str:
        return escape(words.say(f"report_{name}", **gaps))

    shown = layout(report)
    title = f"{word(f'title{shown.word}')} · {word(f'by_{report.by}')}"
    body = (
        f"{_sums(report, shown, word)}{_plots(report, shown, word)}{_table(report, shown, word)}"
        if report.lines
        else f"<p>{word(f'nothing{shown.word}')}</p>"
    )
    period = word("period", first=report.first.isoformat(), last=report.last.isoformat())
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f'<h1>{title}</h1><p class="period">{period}</p>{body}'
        f'<p class="notes">{word(f"notes{shown.word}", drawn=DRAWN)}</p></body></html>\n'
    )


Word = Callable[..., str]


def _sums(report: Report[Any], shown: Layout, word: Word) -> str:
    cells = dict(shown.columns)
    items = "".join(
        f"<li><b>{cells[name](report.total)}</b><span>{word(name)}</span></li>" for name in shown.sums
    )
    return f'<ul class="sums">{items}</ul>'


def _plots(report: Report[Any], shown: Layout, word: Word) -> str:
    lines, cells = report.lines[:DRAWN], dict(shown.columns)
    plots = []
    for plot in shown.plots:
        found = [getattr(line, plot.name) for line in lines]
        most = plot.of if plot.of is not None else max((value or 0 for value in found), default=0) or 1
        rows = [
            (line.name, _length(value, plot.least, most), cells[plot.name](line))
            for line, value in zip(lines, found, strict=True)
        ]
        plots.append(_bars(word(plot.name), plot.colour, rows))
    return f'<div class="plots">{"".join(plots)}</div>'


def _length(value: float | None, least: float, most: float) -> float | None:
    """The part of the width that a value fills; what is not known fills none."""
    return None if value is None else (value - least) / (most - least)


def _bars(title: str, kind: str, rows: list[tuple[str, float | None, str]]) -> str:
    """Bars from the left, each a part (0 to 1) of the whole width; what is not known has none."""
    width, height = _LABEL + _BAR + _VALUE, _ROW * len(rows)
    drawn = []
    for number, (name, part, value) in enumerate(rows):
        y = number * _ROW
        label = escape(name if len(name) <= 12 else f"{name[:11]}…")
        bar = f'<rect class="{kind}" x="{_LABEL}" y="{y + 4}" width="{_BAR * (part or 0):.1f}" height="18" rx="3"/>'
        drawn.append(
            f'<g><title>{escape(name)}: {value}</title><text x="{_LABEL - 10}" y="{y + 18}" text-anchor="end">{label}</text>'
            f'<rect class="back" x="{_LABEL}" y="{y + 4}" width="{_BAR}" height="18" rx="3"/>{bar}'
            f'<text x="{_LABEL + _BAR + 10}" y="{y + 18}">{value}</text></g>'
        )
    return (
        f'<figure><h2>{title}</h2><svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
        f"{''.join(drawn)}</svg></figure>"
    )


def _table(report: Report[Any], shown: Layout, word: Word) -> str:
    head = "".join(f"<th>{word(name)}</th>" for name in ("name", *(name for name, _ in shown.columns)))
    rows = "".join(
        f"<tr><td>{escape(line.name)}</td>{''.join(f'<td>{show(line)}</td>' for _, show in shown.columns)}</tr>"
        for line in (*report.lines, report.total)
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
