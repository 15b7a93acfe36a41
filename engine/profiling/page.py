"""A page that shows where the time went: below each bar stand the bars of what it called, as wide as the time that they took.

The page is one file that asks for nothing else: style, script and figures are in it.
"""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

from engine.profiling.times import merged

if TYPE_CHECKING:
    from engine.profiling.times import Span

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Time of formulas</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff }
p { max-width: 60em }
#bars { position: relative }
#bars button { position: absolute; height: 21px; padding: 0 4px; border: 1px solid #fff; border-radius: 3px; overflow: hidden;
  font: 12px ui-monospace, monospace; text-align: left; white-space: nowrap; color: #222; cursor: pointer }
#told { min-height: 1.4em; font-family: ui-monospace, monospace }
</style>
<h1>Time of formulas</h1>
<p>Each bar is as wide as its time; below it stand the formulas that it called. A click makes a bar fill the page, a click on the
topmost goes back. A formula runs once for situations of the same shape; what a case takes beyond its formulas goes into reading it
and evaluating the graph.</p>
<p id="told"></p>
<div id="bars"></div>
<script id="spans" type="application/json">SPANS</script>
<script>
const rows = JSON.parse(document.getElementById("spans").textContent)
const spans = rows.map(([name, time, own, count]) => [name, time, own, count, []])
rows.forEach((row, number) => { if (number) spans[row[4]][4].push(spans[number]) })
const all = spans[0]
const bars = document.getElementById("bars"), told = document.getElementById("told")
const seconds = time => time >= 1 ? time.toFixed(2) + " s" : time >= 1e-3 ? (time * 1e3).toFixed(2) + " ms" : (time * 1e6).toFixed(0) + " µs"
const colour = name => { let sum = 0; for (const sign of name) sum = (sum * 31 + sign.codePointAt(0)) % 360; return `hsl(${sum} 60% 78%)` }
const words = ([name, time, own, count]) =>
  `${name}: ${seconds(time)} in all, ${seconds(own)} of its own` + (count > 1 ? `, in ${count} runs` : "")
function draw(top) {
  bars.replaceChildren()
  let lowest = 0
  const pending = [[top, 0, 100, 0]]
  while (pending.length) {
    const [span, left, width, depth] = pending.pop()
    const bar = document.createElement("button")
    bar.textContent = span[0]
    bar.title = words(span)
    bar.style.cssText = `left:${left}%;width:${width}%;top:${depth * 22}px;background:${colour(span[0].split("<")[0])}`
    bar.onclick = () => draw(span === top ? all : span)
    bar.onmouseenter = () => { told.textContent = words(span) }
    bars.append(bar)
    lowest = Math.max(lowest, depth)
    let from = left
    for (const child of span[4]) {
      const share = span[1] ? width * child[1] / span[1] : 0
      if (share > 0.05) pending.push([child, from, share, depth + 1])
      from += share
    }
  }
  bars.style.height = `${(lowest + 1) * 22}px`
  told.textContent = words(top)
}
draw(all)
</script>
</html>
"""


def page(root: Span) -> str:
    """Return the page of a span and all within it."""
    text = json.dumps(_rows(root), ensure_ascii=False, separators=(",", ":"))
    return _PAGE.replace("SPANS", text.replace("</", "<\\/"))


def _rows(root: Span) -> list[list[Any]]:
    """Return a row for the spans of each name below the same caller: name, seconds, seconds of their own, how many, the caller's row."""
    rows: list[list[Any]] = []
    pending = deque([([root], -1)])
    while pending:
        spans, caller = pending.popleft()
        children = [child for span in spans for child in span.children]
        below = sum(child.time for child in children)
        time = sum(span.time for span in spans) or below
        rows.append([spans[0].name, round(time, 7), round(time - below, 7), len(spans), caller])
        pending.extend((group, len(rows) - 1) for group in merged(children).values())
    return rows
