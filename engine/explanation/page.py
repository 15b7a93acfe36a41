"""An explanation as one page of HTML that needs nothing else: folded with the browser's own `details`, so that keyboards and readers work."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from engine.explanation.words import Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.explanation.model import Explanation, Step

OPEN_LEVELS = 2
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--soft:#555;--line:#c9c9c9;--mark:#0b5d3b;--law:#0b3d91;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#eee;--soft:#b5b5b5;--line:#555;--mark:#7fdcae;--law:#9ec1ff;--paper:#161616}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:75rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem;margin-bottom:.3rem}
.result{font-size:1.8rem;color:var(--mark);margin:.2rem 0 1rem}
ul.tree,ul.tree ul{list-style:none;padding-left:0;margin:0}ul.tree ul{padding-left:1rem;border-left:2px solid var(--line);margin-left:.4rem}
summary{cursor:pointer;padding:.15rem 0}summary:focus-visible,a:focus-visible,button:focus-visible{outline:3px solid var(--law);outline-offset:2px}
.leaf{padding:.15rem 0 .15rem 1.1rem}.v{color:var(--mark);font-weight:600;font-variant-numeric:tabular-nums}
.how,.fold,.code{color:var(--soft)}.code{font-family:ui-monospace,monospace;font-size:.85em;overflow-wrap:anywhere}.law{color:var(--law)}
ul.notes{padding-left:2.2rem;margin:.1rem 0 .3rem;font-size:.92em}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:44rem;font-size:.9rem}th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem .3rem 0;
text-align:left;vertical-align:top;overflow-wrap:break-word}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
button{font:inherit;padding:.2rem .7rem;margin-right:.5rem}
a{color:var(--law)}
li:target>details>summary,li:target>.leaf{background:color-mix(in srgb,var(--mark) 18%,transparent)}
@media print{button{display:none}}
"""
_SCRIPT = """
const all=document.querySelectorAll('ul.tree details');
document.getElementById('open').onclick=()=>all.forEach(d=>d.open=true);
document.getElementById('close').onclick=()=>all.forEach(d=>d.open=false);
const show=()=>{let e=document.getElementById(location.hash.slice(1));if(!e)return;const t=e;const own=e.querySelector(':scope>details');if(own)own.open=true;
while(e){if(e.tagName==='DETAILS')e.open=true;e=e.parentElement}t.scrollIntoView({block:'center'});t.querySelector('summary,a')?.focus()};
addEventListener('hashchange',show);show();
"""


def page_of(explanation: Explanation, language: str) -> str:
    """Return the page of an explanation."""
    words = words_of(language)
    title = escape(words.heading(explanation))
    lines = [
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(words.title)} – {title}</title><style>{_STYLE}</style></head><body><main>",
        f'<h1>{title}</h1><p class="result">{escape(words.values(explanation.result, explanation.currency))}</p>',
        f"<h2>{escape(words.chain)}</h2>",
        f'<p><button type="button" id="open">{escape(words.expand)}</button><button type="button" id="close">{escape(words.collapse)}</button></p>',
        *_tree(explanation, words),
        *_mentions(explanation, words),
        f"</main><script>{_SCRIPT}</script></body></html>\n",
    ]
    return "\n".join(lines)


def fragment_of(explanation: Explanation, language: str) -> str:
    """Return the chain of rules as a part of another page, without style, script or headings: a `ul.tree` whose items have the ids `s1`, `s2` and so on."""
    return "\n".join(_tree(explanation, words_of(language)))


def _tree(explanation: Explanation, words: Words) -> Iterator[str]:
    """Yield the tree's lines; written without recursion, since law can be deeper than Python's stack."""
    told: set[int] = set()
    pending: list[str | tuple[int, int, tuple[str, ...]]] = ["</ul>", (1, 0, ())]
    yield '<ul class="tree">'
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
            continue
        number, level, same_at = item
        step = explanation.step(number)
        if number in told:
            yield _link(explanation, step, words, same_at)
            continue
        told.add(number)
        notes = list(_notes(explanation, step, words, same_at))
        head = _head(explanation, step, words)
        if not step.reads and not notes:
            yield f'<li id="s{number}"><div class="leaf">{head}</div></li>'
            continue
        yield f'<li id="s{number}"><details{" open" if level < OPEN_LEVELS else ""}><summary>{head}</summary>'
        yield f'<ul class="notes">{"".join(notes)}</ul>' if notes else ""
        pending.append("</details></li>")
        if step.reads:
            yield "<ul>"
            pending.append("</ul>")
            pending.extend((read.step, level + 1, read.same_at) for read in reversed(step.reads))


def _head(explanation: Explanation, step: Step, words: Words) -> str:
    return (
        f'{escape(step.label or step.variable)} <span class="code">{escape(step.variable)}, {escape(step.period)}</span> = '
        f'<span class="v">{escape(words.values(step, explanation.currency))}</span> <span class="how">({escape(words.how(step))})</span>'
    )


def _link(explanation: Explanation, step: Step, words: Words, same_at: Sequence[str]) -> str:
    also = f" ; {words.same_at} {', '.join(same_at)}" if same_at else ""
    return (
        f'<li><div class="leaf">{escape(step.label or step.variable)} <span class="code">{escape(step.variable)}, {escape(step.period)}</span> = '
        f'<span class="v">{escape(words.values(step, explanation.currency))}</span> '
        f'<span class="how">(<a href="#s{step.number}">{escape(words.told_above)} {step.number}</a>{escape(also)})</span></div></li>'
    )


def _notes(explanation: Explanation, step: Step, words: Words, same_at: Sequence[str]) -> Iterator[str]:
    if same_at:
        yield f'<li class="how">{escape(words.same_at)} {escape(", ".join(same_at))}</li>'
    if step.formula_says:
        yield f"<li>{escape(step.formula_says)}</li>"
    for place in step.figures:
        yield f'<li class="law">{escape(words.figure(explanation.figures[place], explanation.currency))}</li>'
    for line in words.folds(step.folded):
        yield f'<li class="fold">{escape(line)}</li>'


def _mentions(explanation: Explanation, words: Words) -> Iterator[str]:
    currency = explanation.currency
    yield f"<h2>{escape(words.mentions)}</h2><p>{escape(words.legal_basis)}</p>"
    yield f"<h3>{escape(words.contribution)}</h3><p>{escape(words.contribution_of(explanation))}</p><h3>{escape(words.data)}</h3>"
    rows = ((label, who, periods, value, source) for label, _, who, periods, value, source in words.data_of(explanation))
    yield _table(words.data, words.columns_of_data, [[escape(cell) for cell in row] for row in rows], 3)
    yield f"<h3>{escape(words.figures)}</h3>"
    figures = [
        [
            f'{escape(figure.description)} <span class="code">{escape(figure.name)}</span>',
            escape(words.figure_value(figure, currency)),
            escape(figure.since),
            "<br>".join(escape(reference) for reference in figure.references),
        ]
        for figure in explanation.figures
    ]
    yield _table(words.figures, words.columns_of_figures, figures, -1)
    yield f"<h3>{escape(words.operations)}</h3><p>{escape(words.operations_text.format(len(explanation.steps)))}</p>"
    if explanation.steps_folded:
        yield f"<p>{escape(words.folded_steps.format(explanation.steps_folded, explanation.figures_folded))}</p>"


def _table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], number: int) -> str:
    head = "".join(f'<th scope="col"{" class=n" if place == number else ""}>{escape(column)}</th>' for place, column in enumerate(columns))
    body = "".join(
        "<tr>" + "".join(f'<td class="n">{cell}</td>' if place == number else f"<td>{cell}</td>" for place, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escape(name)}" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
