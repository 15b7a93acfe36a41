// Writes the cards: for each household the main rows under each law, what changes in words and sign, and every levy and benefit.
// The places are those of the server's own card (templates/households/parts.html).

import { euros, language, number, t } from "../page/words.js";

const MAIN = ["impot_revenu", "taxe_habitation"];
const STYLES = { in_force: "in-force", bill: "bill", amended: "amended" };

/** Make `list` show the households and what was told of them; a card whose details are open stays open. */
export function render(list, households, told) {
  const template = document.getElementById("household-card");
  while (list.children.length > households.length) list.lastElementChild.remove();
  while (list.children.length < households.length) list.append(template.content.cloneNode(true));
  households.forEach((one, place) => fill(list.children[place], one, told.households[place], told.laws, place));
}

function fill(card, one, told, laws, place) {
  const name = one.name || t("households.unnamed", { number: place + 1 });
  const at = (key) => card.querySelector(`[data-${key}]`);
  card.dataset.number = place;
  at("name").textContent = name;
  at("who").textContent = who(one, told.commune);
  at("note").textContent = one.note ?? "";
  at("note").hidden = !one.note;
  at("table").setAttribute("aria-label", t("households.table_of", { name }));
  at("details").setAttribute("aria-label", t("households.details_of", { name }));
  at("refusals").hidden = told.refusals.length === 0;
  at("refusals").replaceChildren(...told.refusals.map((each) => element("li", { className: "caution" }, t("households.refused", { message: each.message }))));
  for (const head of card.querySelectorAll("thead [data-law]")) head.hidden = !laws.includes(head.dataset.law);
  at("rows").replaceChildren(...rows(told, laws).map(([key, write, values]) => row(key, write, values, laws)));
  at("lines").replaceChildren(...told.lines.map((line) => lineRow(line, laws, name)));
  at("changes").replaceChildren(...comparisons(told, laws));
  for (const button of card.querySelectorAll(".card-tools [data-do]")) button.setAttribute("aria-label", t(`households.${button.dataset.do}_of`, { name }));
}

function who(one, commune) {
  const counted = (key, count) => t(`households.${key}_${count === 1 ? "one" : "some"}`, { count });
  const adults = one.adults?.length ?? 1;
  const children = one.children?.length ?? 0;
  const people = [counted("adults", adults), ...(children ? [counted("children", children)] : [])].join(", ");
  return commune ? `${people} · ${commune}` : people;
}

/** A measure's sum under each law: `total(told, laws, line => …)`. */
const total = (told, laws, fits) =>
  Object.fromEntries(laws.map((law) => [law, told.lines.filter(fits).reduce((sum, line) => sum + (line.amounts[law] ?? 0), 0)]));

const sums = (told, laws) => ({
  income_tax: told.lines.find((line) => line.name === MAIN[0])?.amounts ?? {},
  housing_tax: told.lines.find((line) => line.name === MAIN[1])?.amounts ?? {},
  other_levies: total(told, laws, (line) => line.kind === "levy" && !MAIN.includes(line.name)),
  benefits: total(told, laws, (line) => line.kind === "benefit"),
});

function rows(told, laws) {
  const parts = (value) => number(value, Number.isInteger(value) ? 0 : Number.isInteger(value * 2) ? 1 : 2);
  const percent = (value) => `${number(100 * value, 0)}${language === "fr" ? "\u202f" : ""}%`;
  return [
    ["gross", amount, Object.fromEntries(laws.map((law) => [law, told.gross_income]))],
    ...Object.entries(sums(told, laws)).map(([key, values]) => [key, amount, values]),
    ["disposable", amount, told.disposable_income],
    ["living_standard", amount, told.living_standard],
    ["parts", parts, told.parts],
    ["marginal_rate", percent, told.marginal_rate],
    ["left_of_100", amount, told.left_of_100],
  ];
}

const amount = (value) => (value === null || value === undefined ? "–" : euros(value));

function row(key, write, values, laws) {
  const made = element("tr", { className: key === "disposable" ? "total" : "" }, element("th", { scope: "row" }, t(`households.row_${key}`)));
  made.dataset.row = key;
  made.append(...laws.map((law) => cell(law, write(values[law]))));
  return made;
}

function lineRow(line, laws, name) {
  const why = element("button", { type: "button", className: "small no-print" }, t("households.why"));
  Object.assign(why.dataset, { do: "why", variable: line.variable, label: line.label, terms: JSON.stringify(line.terms) });
  why.setAttribute("aria-label", t("households.why_of", { label: line.label, name }));
  const sign = element("span", { className: "kind" }, line.kind === "levy" ? "− " : "+ ");
  const articles = element("span", { className: "articles" }, line.references.join(" ; "));
  const made = element("tr", {}, element("th", { scope: "row" }, sign, line.label, " ", articles, " ", why));
  made.append(...laws.map((law) => cell(law, amount(line.amounts[law]))));
  return made;
}

function cell(law, text) {
  const made = element("td", { className: STYLES[law] }, text);
  made.dataset.law = law;
  return made;
}

/** What each law changes, against the law in force, and the amendment against the bill: the sign and the amount of one and the same difference. */
function comparisons(told, laws) {
  const pairs = laws.slice(1).map((law) => [law, "in_force"]);
  if (laws.includes("bill") && laws.includes("amended")) pairs.push(["amended", "bill"]);
  const found = pairs.map(([law, base]) => comparison(told, laws, law, base));
  return found.length && found.every((each) => each === null) ? [element("p", { className: "same" }, t("households.same"))] : found.filter(Boolean);
}

function comparison(told, laws, law, base) {
  const groups = sums(told, laws);
  const said = [["tax", groups.income_tax], ["housing_tax", groups.housing_tax], ["levies", groups.other_levies], ["benefits", groups.benefits], ["income", told.disposable_income]]
    .map(([key, values]) => [key, Math.round((values[law] ?? 0) - (values[base] ?? 0))])
    .filter(([, change]) => change !== 0);
  if (!said.length) return null;
  const change = Math.round(told.disposable_income[law] - told.disposable_income[base]);
  const word = change === 0 ? [] : [element("strong", { className: change > 0 ? "gains" : "loses" }, `${change > 0 ? "▲" : "▼"} ${t(change > 0 ? "households.gain" : "households.loss")} `)];
  const items = said.map(([key, value]) => element("li", {}, t(`households.change_${key}`, { amount: signed(value) })));
  return element("div", {}, element("p", {}, ...word, t(`households.against_${base}`, { law: t(`households.law_${law}`) })), element("ul", {}, ...items));
}

/** Euros with their sign, plus included. */
export const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${euros(Math.abs(value))}`;

/** An element with properties and children; texts are never read as HTML. */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
