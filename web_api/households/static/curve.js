// The curve of a household over an income: drawn, and as tables of its points and thresholds, under each law that there is.

import { explained, post } from "../page/api.js";
import { draw } from "../page/charts.js";
import { amendment } from "../page/state.js";
import { euros, language, number, t } from "../page/words.js";
import { element, signed } from "./cards.js";
import { open } from "./dialogs.js";

const INCOMES = ["wages", "profits", "unemployment", "pensions"];
const ROUND = 10_000;
let asking;

/** Open the dialog and draw the curve over what the household lives on. */
export function openCurve(one, name) {
  const dialog = document.getElementById("household-curve");
  const form = dialog.querySelector("form");
  const adults = one.adults ?? [{}];
  form.varies.replaceChildren(...adults.flatMap((_, place) => INCOMES.map((what) => choice(what, place + 1, adults.length))));
  const income = INCOMES.find((what) => adults[0][what] > 0) ?? INCOMES[0];
  form.varies.value = `${income} of adult 1`;
  const yearly = (adults[0][income] ?? 0) * (one.per === "year" ? 1 : 12);
  form.to.value = Math.max(40_000, Math.ceil((2 * yearly) / ROUND) * ROUND);
  form.onsubmit = (event) => {
    event.preventDefault();
    show(dialog, one, form);
  };
  dialog.querySelector("h3").textContent = t("households.curve_of", { name });
  open(dialog, () => asking?.abort());
  show(dialog, one, form);
}

function choice(what, place, count) {
  const said = t(`households.varies_${what}`);
  return element("option", { value: `${what} of adult ${place}` }, count > 1 ? t("households.varies_of", { what: said, number: place }) : said);
}

async function show(dialog, household, form) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const status = dialog.querySelector("[data-told]");
  status.textContent = t("households.curve_wait");
  const asked = { ...amendment(), household, varies: form.varies.value, from: form.from.valueAsNumber, to: form.to.valueAsNumber, language };
  try {
    const found = await post("v1/households/curve", asked, { signal: mine.signal });
    if (mine !== asking) return;
    status.textContent = t("households.curve_done", { count: found.thresholds.length });
    fill(dialog, "thresholds", found.thresholds.map(threshold));
    fill(dialog, "points", found.points.flatMap((point) => found.laws.map((law) => pointRow(point, law))));
    await draw(dialog.querySelector("[data-chart]"), found.chart);
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = t("households.failed", { message: explained(error) });
  }
}

function fill(dialog, which, rows) {
  const place = dialog.querySelector(`[data-of="${which}"]`);
  place.hidden = rows.length === 0;
  place.querySelector("tbody").replaceChildren(...rows);
}

const percent = (value) => (value === null ? "–" : `${number(100 * value, 1)}${language === "fr" ? "\u00a0" : ""}%`);
const cells = (values, heads) => element("tr", {}, ...values.map((value, place) => element(place === heads ? "th" : "td", place === heads ? { scope: "row" } : {}, value)));

function threshold(one) {
  const rates = `${percent(one.rate_before)} → ${percent(one.rate_after)}`;
  const rule = [one.rule, one.references.join(" ; ")].filter(Boolean).join(" – ");
  const made = cells([t(`households.law_${one.law}`), euros(one.at), one.label, one.jump ? signed(one.jump) : "–", rates, rule], 1);
  for (const place of [0, 2, 5]) made.children[place].className = "text";
  return made;
}

function pointRow(point, law) {
  const { tax, disposable_income: income, marginal_rate: rate } = point[law];
  const made = cells([euros(point.income), t(`households.law_${law}`), income === null ? "–" : euros(income), tax === null ? "–" : euros(tax), percent(rate)], 0);
  made.children[1].className = "text";
  return made;
}
