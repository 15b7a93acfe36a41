// What came out of a run: the budget, who gains and loses, who pays the tax, inequality; each figure with its sampling error, each chart beside its table.

import { draw } from "../page/charts.js";
import { colon, has, language, t } from "../page/words.js";
import { amount, count, inWords, plain, points, scale, share } from "./figures.js";
import { said } from "./sentences.js";
import { element, fill, refused } from "./tables.js";

const GROUPINGS = ["deciles_niveau_de_vie", "deciles_revenu_fiscal", "types_de_famille", "ages", "statuts_occupation"];
const COMPARISONS = ["amendement", "ensemble", "projet"];
const TOTAL = "total";
const LINE_BREAK = "|"; // as web_api/country/charts.py has it
const LONGEST = 22;
const [STEP, STEP_OF_TWO_LINES] = [22, 40]; // pixels from one bar to the next

let charts;
let root;
let tables;
let comparison;
let grouping = GROUPINGS[0];

/** Show a result of `GET /v1/impacts/<id>` in the panel's places; returns a sentence that says the most of it. */
export function show(place, found) {
  root = place;
  charts ??= JSON.parse(document.getElementById("country-charts").textContent);
  tables = Object.fromEntries(found.tables.map((table) => [table.name, table.rows]));
  showComparisons();
  showGroupings();
  of("cautions").replaceChildren(...found.cautions.map((text) => sentence("p", text, "caution")));
  of("notes").replaceChildren(...found.notes.map((text) => sentence("li", text)));
  return showAll();
}

const of = (id) => root.querySelector(`#country-${id}`);
const rowsOf = (name) => (tables[name] ?? []).filter((row) => row.comparaison === comparison);

function showAll() {
  showWinners();
  showTaxed();
  showInequality();
  return showBudget();
}

/** With a bill there are three comparisons; the amendment's own is shown first. */
function showComparisons() {
  const names = new Set(tables.budget.map((row) => row.comparaison));
  const known = COMPARISONS.filter((name) => names.has(name));
  comparison = known.includes(comparison) ? comparison : known[0] ?? [...names][0];
  const choices = of("comparisons");
  choices.hidden = known.length < 2;
  choices.replaceChildren(choices.querySelector("legend"), ...known.map(choice));
}

function choice(name) {
  const input = element("input", { type: "radio", name: "country-comparison", value: name });
  input.checked = name === comparison;
  input.addEventListener("change", () => {
    comparison = name;
    showAll();
  });
  return element("label", {}, input, " ", t(`country.comparison_${name}`));
}

function showGroupings() {
  const select = of("grouping");
  const known = GROUPINGS.filter((name) => tables[name]?.length);
  if (!known.includes(grouping)) grouping = known[0];
  select.replaceChildren(...known.map((name) => element("option", { value: name }, t(`country.by_${name}`))));
  select.value = grouping;
  select.onchange = () => {
    grouping = select.value;
    showWinners();
  };
}

// --- Budget

function showBudget() {
  const rows = rowsOf("budget");
  const total = rows.find((row) => row.mesure === TOTAL);
  const moved = rows.filter((row) => row.mesure !== TOTAL && (row.secret || Math.abs(row.effet_budget) >= 0.5));
  const written = scale(Math.max(...rows.map((row) => Math.abs(row.effet_budget ?? 0))));
  const levels = scale(Math.max(...moved.map((row) => Math.max(row.avant ?? 0, row.apres ?? 0)), 1e6));
  const of_row = (row) => (row.secret ? [refused(), refused(), refused(), refused()] : [
    amount(row.avant, undefined, levels, false), amount(row.apres, undefined, levels, false),
    amount(row.effet_budget, row.effet_budget_erreur, written), count(row.menages_concernes, row.menages_concernes_erreur),
  ]);
  const columns = ["measure", "before", "after", "effect_on_budget", "households_concerned"].map((name) => t(`country.column_${name}`));
  const named = moved.map((row) => ({ ...measure(row), cells: of_row(row) }));
  fill(of("budget"), t("country.budget_caption"), columns, [...named, { name: t("country.total"), isTotal: true, cells: of_row(total) }]);
  const bars = moved.filter((row) => !row.secret).map((row) => bar(measure(row).name, row.effet_budget, row.effet_budget_erreur, written));
  chart("budget-chart", "amounts", bars, t("country.chart_budget"), t("country.axis_of_budget", { unit: written.unit }));
  const headline = total.secret ? t("country.secret") : headlineOf(total, written);
  of("headline").textContent = headline;
  return headline;
}

function headlineOf(total, written) {
  if (Math.abs(total.effet_budget) < 0.5) return t("country.headline_none");
  return t("country.headline", { effect: inWords(amount(total.effet_budget, total.effet_budget_erreur, written)) });
}

const measure = (row) => worded(`country.measure_${row.mesure}`, row.libelle);

// --- Winners and losers

function showWinners() {
  const everybody = rowsOf("ensemble");
  fill(of("everybody"), t("country.everybody_caption"), columnsOfGroups("everybody"), everybody.map((row) => ({ name: t("country.everybody"), cells: cellsOfGroup(row) })));
  const rows = rowsOf(grouping);
  const title = t(`country.by_${grouping}`);
  of("effects-title").textContent = t("country.effects_title", { by: title });
  fill(of("groups"), t("country.groups_caption", { by: title }), columnsOfGroups("group"), rows.map((row) => ({ ...group(row), cells: cellsOfGroup(row) })));
  const shownRows = rows.filter((row) => row.effet_moyen !== null && row.effet_moyen !== undefined);
  const euros = { factor: 1, unit: "€", digits: 0 };
  chart("effects-chart", "amounts", shownRows.map((row) => bar(group(row).name, row.effet_moyen, row.effet_moyen_erreur, euros)), t("country.chart_effects", { by: title }), t("country.axis_of_effects"));
  chart("shares-chart", "shares", shownRows.flatMap(sharesOf), t("country.chart_shares", { by: title }));
}

const columnsOfGroups = (first) => [first, "households", "mean_effect", "gaining", "losing", "mean_gain", "mean_loss"].map((name) => t(`country.column_${name}`));

function cellsOfGroup(row) {
  if (row.menages === null || row.menages === undefined) return Array.from({ length: 6 }, refused);
  const euros = { factor: 1, unit: "€", digits: 0 };
  return [
    count(row.menages), amount(row.effet_moyen, row.effet_moyen_erreur, euros), share(row.part_gagnants, row.part_gagnants_erreur), share(row.part_perdants, row.part_perdants_erreur),
    amount(row.effet_moyen_gagnants, row.effet_moyen_gagnants_erreur, euros), amount(row.effet_moyen_perdants, row.effet_moyen_perdants_erreur, euros),
  ].map((cell, place) => (place > 1 && row.secret ? refused() : cell));
}

function sharesOf(row) {
  const { name } = group(row);
  const told = (value, error, word) => `${name}${colon}${t(word, { share: inWords(share(value, error)) })}`;
  return [
    { group: inLines(name), share: -(row.part_perdants ?? 0), sense: "loss", told: told(row.part_perdants, row.part_perdants_erreur, "country.share_losing") },
    { group: inLines(name), share: row.part_gagnants ?? 0, sense: "gain", told: told(row.part_gagnants, row.part_gagnants_erreur, "country.share_gaining") },
  ];
}

/** A group's name: deciles are the same in both languages, others have words where they are known. */
const group = (row) => worded(`country.group_${slug(row.groupe)}`, row.groupe);

const slug = (text) => text.normalize("NFD").replaceAll(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");

// --- Who pays the tax, inequality

function showTaxed() {
  const rows = rowsOf("foyers_imposes");
  const named = rows.map((row) => ({ ...worded(`country.taxed_${row.indicateur}`, row.libelle), cells: [row.secret ? refused() : count(row.foyers, row.foyers_erreur)] }));
  fill(of("taxed"), t("country.taxed_caption"), [t("country.column_tax_households"), t("country.column_number")], named);
}

const INDICATORS = {
  gini: (value, error, isSigned) => plain(value, error, 4, isSigned),
  taux_pauvrete: (value, error, isSigned) => (isSigned ? points(value, error, 2) : share(value, error, 2)),
  s80_s20: (value, error, isSigned) => plain(value, error, 3, isSigned),
};

function showInequality() {
  const columns = ["indicator", "before", "after", "change"].map((name) => t(`country.column_${name}`));
  const rows = rowsOf("inegalites").map((row) => {
    const write = INDICATORS[row.indicateur] ?? ((value, error, isSigned = false) => amount(value, error, { factor: 1, unit: "€", digits: 0 }, isSigned));
    const cells = row.secret ? [refused(), refused(), refused()] : [write(row.avant), write(row.apres), write(row.ecart, row.ecart_erreur, true)];
    return { ...worded(`country.inequality_${row.indicateur}`, row.libelle), cells };
  });
  fill(of("inequality"), t("country.inequality_caption"), columns, rows);
}

// --- Charts and words

function bar(name, value, error, { factor, unit, digits }) {
  const [amounts, spread] = [value / factor, (error ?? 0) / factor];
  return { group: inLines(name), amount: amounts, low: amounts - spread, high: amounts + spread, sense: value < 0 ? "loss" : "gain", told: `${name}${colon}${inWords(amount(value, error, { factor, unit, digits }))}` };
}

/** A name in lines of about `LONGEST` characters. */
function inLines(name) {
  const lines = [""];
  for (const word of name.split(" ")) {
    const last = lines.at(-1);
    if (last && last.length + word.length >= LONGEST) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join(LINE_BREAK);
}

/** Draw one of the panel's specs; its description leads to the table beside it. */
function chart(id, name, rows, description, amounts = "") {
  const place = of(id);
  place.hidden = rows.length === 0;
  if (rows.length === 0) return;
  const spec = JSON.parse(JSON.stringify(charts[name]).replaceAll("@amounts", amounts));
  const step = rows.some((row) => row.group.includes(LINE_BREAK)) ? STEP_OF_TWO_LINES : STEP;
  const height = step * new Set(rows.map((row) => row.group)).size;
  draw(place, { ...spec, height, description, datasets: { ...spec.datasets, rows } }).catch((error) => {
    place.hidden = true; // the table says the same
    console.warn(error);
  });
}

/** The words under a key; where there are none, what the server called it, in French. */
const worded = (key, name) => (has(key) ? { name: t(key) } : { name, lang: language === "fr" ? undefined : "fr" });

function sentence(name, text, classes) {
  const { words, lang } = said(text);
  return element(name, { class: classes, lang }, words);
}
