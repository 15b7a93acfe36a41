// What the amendments of a workspace do to the country, side by side: one run after the other, each known one at once.

import { run } from "../country/runs.js";
import { amount, count, inWords } from "../country/figures.js";
import { explained } from "../page/api.js";
import { t } from "../page/words.js";

const COMPARISONS = ["amendement", "reforme", "ensemble", "projet"];
const TOTAL = "total";
const LINES = ["budget", "gainers", "losers"];

/** Fill the rows of effects for these amendments. The button waits until all are done. */
export async function compare(amendments, button) {
  const body = document.getElementById("effects");
  button.disabled = true;
  body.hidden = false;
  for (const row of [...body.querySelectorAll("tr")].slice(1)) row.remove();
  const cells = LINES.map((line) => addRow(body, line, amendments.length));
  for (const [place, { amendment }] of amendments.entries()) await fill(cells.map((row) => row[place]), amendment);
  button.disabled = false;
}

function addRow(body, line, count) {
  const row = body.insertRow();
  const heading = document.createElement("th");
  heading.scope = "row";
  heading.textContent = t(`workspaces.${line}`);
  row.append(heading);
  return Array.from({ length: count }, () => {
    const cell = row.insertCell();
    cell.textContent = t("workspaces.waiting");
    return cell;
  });
}

async function fill(cells, amendment) {
  const [first] = cells;
  if (amendment.bill === null && Object.keys(amendment.changes).length === 0) return tell(cells, [t("workspaces.unchanged"), "–", "–"]);
  const told = ({ fraction }) => (first.textContent = fraction === undefined ? first.textContent : t("workspaces.running", { percent: Math.round(fraction * 100) }));
  try {
    return tell(cells, effects(await run(amendment, { signal: new AbortController().signal, told })));
  } catch (error) {
    return tell(cells, [explained(error), "–", "–"]);
  }
}

function tell(cells, texts) {
  for (const [place, cell] of cells.entries()) cell.textContent = texts[place];
}

/** Budget, households that gain and that lose; of the amendment itself where there is a bill too. */
function effects({ tables }) {
  const rows = Object.fromEntries(tables.map((table) => [table.name, table.rows]));
  const comparison = COMPARISONS.find((name) => rows.budget.some((row) => row.comparaison === name));
  const budget = rows.budget.find((row) => row.comparaison === comparison && row.mesure === TOTAL);
  const everybody = rows.ensemble.find((row) => row.comparaison === comparison);
  const households = (share) => (share === null || share === undefined ? "–" : inWords(count(share * everybody.menages)));
  return [inWords(amount(budget.effet_budget, budget.effet_budget_erreur)), households(everybody.part_gagnants), households(everybody.part_perdants)];
}
