// Scales: a table of brackets, amended as a whole. The lower bound of a bracket is the upper bound of the one before; brackets are split, added, removed.

import { announce } from "../page/announce.js";
import { t } from "../page/words.js";
import { bindField, describe, fieldOf, same, showLaws, write, written } from "./figures.js";

const [CHANGED, PUT_IN, TAKEN_OUT] = [1, 1.5, 1.5];

/** How the rows of a scale read the law as it is now, and change it. */
const live = new WeakMap();

/** Make the buttons of the scales answer. */
export function bindScales(panel, here, amend) {
  for (const scale of panel.querySelectorAll(".scale")) {
    const act = (brackets) => change(scale, brackets, here, amend);
    const add = scale.querySelector("[data-add]");
    add.hidden = false;
    add.addEventListener("click", () => {
      const brackets = now(scale, here());
      act([...brackets, after(brackets.at(-1))]);
      announce(t("law_text.added_told"));
      focusOn(scale, brackets.length - 1, "threshold");
    });
    scale.querySelector("[data-reset-scale]").addEventListener("click", () => {
      amend(scale.dataset.path, undefined);
      add.focus();
    });
    scale.addEventListener("click", (event) => clicked(event.target.closest("button"), scale, here, act));
    live.set(scale, { here, act });
  }
}

function clicked(button, scale, here, act) {
  const row = button?.closest("tr");
  if (!row) return;
  const position = Number(row.dataset.position);
  const brackets = now(scale, here());
  if ("insert" in button.dataset) {
    act(brackets.toSpliced(position + 1, 0, between(brackets[position], brackets[position + 1])));
    announce(t("law_text.added_told"));
    focusOn(scale, position, "threshold");
  } else if ("remove" in button.dataset) {
    const rest = brackets.toSpliced(position, 1);
    if (position === 0) rest[0] = { ...rest[0], threshold: brackets[0].threshold };
    act(rest);
    announce(t("law_text.removed_told"));
    focusOn(scale, Math.max(position - 1, 0), "value");
  }
}

const now = (scale, here) => here.scale.now(scale.dataset.path, scale.dataset.valueName);

/** Put other brackets into the amendment; those of the law that is amended take the change back. */
function change(scale, brackets, here, amend) {
  const { path, valueName } = scale.dataset;
  const isBase = alike(brackets, here().scale.base(path));
  amend(path, isBase ? undefined : brackets.map((each) => ({ threshold: each.threshold, [valueName]: each.value })));
}

const alike = (one, other) => one.length === other.length && one.every((each, i) => same(each.threshold, other[i].threshold) && same(each.value, other[i].value));

/** A bracket beyond the last: half as much again, in a round figure; at the same rate, so that nothing changes until someone says what. */
function after(last) {
  return { threshold: last.threshold === 0 ? 10_000 : round(last.threshold * 1.5, last.threshold, Infinity), value: last.value };
}

function between(bracket, next) {
  return next ? { threshold: round((bracket.threshold + next.threshold) / 2, bracket.threshold, next.threshold), value: bracket.value } : after(bracket);
}

/** A figure of two digits near `value`, where one lies between the bounds. */
function round(value, lower, upper) {
  const rounded = Number(value.toPrecision(2));
  return rounded > lower && rounded < upper ? rounded : value;
}

/** Show every scale under the three laws. */
export function showScales(here) {
  for (const scale of here.panel.querySelectorAll(".scale")) show(scale, here);
}

function show(scale, here) {
  const { path } = scale.dataset;
  const body = scale.querySelector("tbody");
  const inForce = here.scale.inForce(path);
  const base = here.scale.base(path);
  const brackets = now(scale, here);
  const ofBase = paired(base, brackets);
  const lawOfBase = paired(inForce, base);
  const ofLaw = ofBase.map((at) => (at < 0 ? -1 : lawOfBase[at]));
  const rows = [...body.querySelectorAll("tr[data-position]")].slice(0, brackets.length); // rows stay where they are: one in use keeps the focus
  while (rows.length < brackets.length) rows.push(newRow(scale, rows.length));
  const known = (i) => ({ ...pair(base, ofBase[i], "base"), ...pair(inForce, ofLaw[i], "law") });
  brackets.forEach((_, i) => showRow(rows[i], scale, here, brackets, i, known(i)));
  const gone = base.flatMap((bracket, i) => (ofBase.includes(i) ? [] : [goneRow(scale, here, base, i)]));
  for (const each of [...body.children]) if (!rows.includes(each)) each.remove();
  body.append(...rows.filter((each) => !each.isConnected), ...gone);
  scale.querySelector("[data-reset-scale]").hidden = !(path in here.changes);
}

/** Which bracket of `before` each of `after` comes from, -1 for one that is added: with the fewest changes, as the amendment's text has it (scale_lines.py). */
function paired(before, after) {
  const costs = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  const differing = (i, j) => CHANGED * (!same(before[i].threshold, after[j].threshold) + !same(before[i].value, after[j].value));
  const ways = (i, j) => [
    i < before.length && j < after.length ? costs[i + 1][j + 1] + differing(i, j) : Infinity,
    j < after.length ? costs[i][j + 1] + PUT_IN : Infinity,
    i < before.length ? costs[i + 1][j] + TAKEN_OUT : Infinity,
  ];
  for (let i = before.length; i >= 0; i -= 1) {
    for (let j = after.length; j >= 0; j -= 1) if (i < before.length || j < after.length) costs[i][j] = Math.min(...ways(i, j));
  }
  const found = [];
  for (let i = 0, j = 0; j < after.length; ) {
    const way = ways(i, j).indexOf(costs[i][j]);
    if (way < 2) found[j] = way === 0 ? i : -1;
    i += way !== 1;
    j += way !== 2;
  }
  return found;
}

/** A bracket of a law and the one behind it, under a name; neither for a bracket that the law does not have. */
const pair = (brackets, at, name) => (at < 0 ? {} : { [name]: brackets[at], [`${name}After`]: brackets[at + 1] });

/** A row at a position: its fields change that bracket of the scale as it is then. */
function newRow(scale, position) {
  const made = scale.querySelector("[data-row]").content.firstElementChild.cloneNode(true);
  const { thresholdUnit, valueUnit } = scale.dataset;
  const { here, act } = live.get(scale);
  made.dataset.position = position;
  const bind = (what, unit, at, key, refuse) => {
    const figure = made.querySelector(`[data-bracket="${what}"]`);
    describe(figure);
    const brackets = () => now(scale, here());
    bindField(figure, unit, here, () => brackets()[at]?.[key], (value) => act(brackets().with(at, { ...brackets()[at], [key]: value })), refuse);
  };
  bind("threshold", thresholdUnit, position + 1, "threshold", (value) => outOfOrder(now(scale, here()), position + 1, value, thresholdUnit, here()));
  bind("value", valueUnit, position, "value");
  return made;
}

function showRow(row, scale, here, brackets, position, known) {
  const { thresholdUnit, valueUnit } = scale.dataset;
  const [bracket, next] = [brackets[position], brackets[position + 1]];
  const number = position + 1;
  row.classList.toggle("is-added", known.base === undefined);
  row.querySelector("[data-name]").textContent = t(known.base === undefined ? "law_text.bracket_new" : "law_text.bracket_number", { number });
  row.querySelector("[data-lower]").textContent = written(bracket.threshold, thresholdUnit, here);
  const upper = row.querySelector('[data-bracket="threshold"]');
  upper.hidden = next === undefined;
  row.querySelector("[data-no-limit]").hidden = next !== undefined;
  if (next) showField(upper, thresholdUnit, here, t("law_text.upper_name", { number }), { inForce: known.lawAfter?.threshold, base: known.baseAfter?.threshold, now: next.threshold });
  showField(row.querySelector('[data-bracket="value"]'), valueUnit, here, t("law_text.value_name", { number }), { inForce: known.law?.value, base: known.base?.value, now: bracket.value });
  button(row, "insert", t("law_text.insert"), t("law_text.insert_name", { number }));
  button(row, "remove", t("law_text.remove"), t("law_text.remove_name", { number }), brackets.length === 1);
}

function showField(figure, unit, here, name, values) {
  const field = fieldOf(figure);
  field.setAttribute("aria-label", name);
  showLaws(figure, { ...values, base: values.base ?? values.inForce }, unit, here);
  if (!figure.dataset.refused) write(field, values.now, unit, here);
}

function button(row, what, words, name, isHidden = false) {
  const found = row.querySelector(`[data-${what}]`);
  found.textContent = words;
  found.setAttribute("aria-label", name);
  found.hidden = isHidden;
}

function outOfOrder(brackets, position, value, unit, here) {
  const [lower, upper] = [brackets[position - 1].threshold, brackets[position + 1]?.threshold];
  if (value > lower && (upper === undefined || value < upper)) return null;
  const values = { lower: written(lower, unit, here), upper: written(upper, unit, here) };
  return t(upper === undefined ? "law_text.wrong_order_last" : "law_text.wrong_order", values);
}

function goneRow(scale, here, base, position) {
  const { thresholdUnit, valueUnit } = scale.dataset;
  const made = scale.querySelector("[data-gone]").content.firstElementChild.cloneNode(true);
  const put = (where, words) => {
    const struck = document.createElement("del");
    struck.textContent = words;
    made.querySelector(where).replaceChildren(struck);
  };
  put("[data-lower]", written(base[position].threshold, thresholdUnit, here));
  put("[data-upper]", base[position + 1] ? written(base[position + 1].threshold, thresholdUnit, here) : t("law_text.no_limit"));
  put("[data-value]", written(base[position].value, valueUnit, here));
  return made;
}

/** Put the focus on a field or a button of a row: where something was added, or what stands beside what was removed. */
function focusOn(scale, position, what) {
  const rows = scale.querySelectorAll("tr[data-position]");
  const row = rows[Math.min(position, rows.length - 1)];
  const found = row?.querySelector(what === "threshold" || what === "value" ? `[data-bracket="${what}"]:not([hidden]) input` : `[data-${what}]`);
  found?.focus();
}
