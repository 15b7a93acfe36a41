// Figures in sentences: a field each, the law in force and the bill before it where they differ, a message where what was typed is no number.

import { t } from "../page/words.js";
import { number, read, suffix, text } from "./numbers.js";

let made = 0;

/** Make the fields of the panel answer: `amend(path, value)` on change, Enter and reset; Escape gives the figure back. */
export function bindFigures(panel, here, amend) {
  for (const figure of panel.querySelectorAll(".figure[data-path]")) {
    const { path, unit } = figure.dataset;
    describe(figure);
    const take = (value) => amend(path, same(value, here().base(path)) ? undefined : value);
    const field = fieldOf(figure);
    if (field.tagName === "SELECT") field.addEventListener("change", () => take(field.value === "true"));
    else bindField(figure, unit, here, () => here().now(path), take);
    figure.querySelector(".reset").addEventListener("click", () => {
      clear(figure);
      amend(path, undefined);
      show(figure, here());
      field.focus();
    });
  }
}

/** Make one text field answer: `current()` is what it holds, `take(value)` what is done with another value; `refuse(value)` may say why not. */
export function bindField(figure, unit, here, current, take, refuse = () => null) {
  const field = fieldOf(figure);
  const commit = () => {
    const { language, units } = here();
    delete field.dataset.typing;
    const found = read(field.value, unit, language, units);
    const problem = found.problem ? t(`law_text.${found.problem}`) : refuse(found.value);
    if (problem) {
      tell(figure, problem);
      return;
    }
    clear(figure);
    if (same(found.value, current())) write(field, found.value, unit, here());
    else take(found.value);
  };
  field.addEventListener("change", commit);
  field.addEventListener("input", () => (field.dataset.typing = "true"));
  field.addEventListener("blur", () => {
    delete field.dataset.typing;
    if (!figure.dataset.refused) write(field, current(), unit, here());
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    if (event.key !== "Escape") return;
    clear(figure);
    delete field.dataset.typing;
    write(field, current(), unit, here());
  });
}

/** Give a figure's field a description: the other laws' values and the message. */
export function describe(figure) {
  const field = fieldOf(figure);
  made += 1;
  figure.querySelector(".told-laws").id = `law-told-${made}`;
  figure.querySelector(".message").id = `law-message-${made}`;
  field.setAttribute("aria-describedby", `law-told-${made} law-message-${made}`);
}

/** Show every figure under the three laws. */
export function showFigures(here) {
  for (const figure of here.panel.querySelectorAll(".figure[data-path]")) show(figure, here);
}

function show(figure, here) {
  const { path, unit } = figure.dataset;
  const values = { inForce: here.inForce(path), base: here.base(path), now: here.now(path) };
  showLaws(figure, values, unit, here);
  const field = fieldOf(figure);
  if (field.tagName === "SELECT") field.value = String(values.now);
  else if (!figure.dataset.refused) write(field, values.now, unit, here);
  const reset = figure.querySelector(".reset");
  reset.hidden = !(path in here.changes);
  const label = t("law_text.reset_figure", { value: written(values.base, unit, here) });
  reset.title = label;
  reset.setAttribute("aria-label", `${label} (${field.getAttribute("aria-label")})`);
}

/** Show the law in force and the bill of a figure where they are not what the field holds; in words too, for those who do not see the colours. */
export function showLaws(element, { inForce, base, now }, unit, here) {
  const isOfBill = here.hasBill && !same(base, inForce);
  const isAmended = !same(now, base);
  put(element, "in_force", inForce !== undefined && (isOfBill || isAmended), inForce, unit, here);
  put(element, "bill", isOfBill, base, unit, here);
  element.classList.toggle("is-amended", isAmended);
}

function put(element, law, isShown, value, unit, here) {
  const place = element.querySelector(`[data-of="${law}"]`);
  place.hidden = !isShown;
  if (isShown) place.querySelector("[data-text]").textContent = written(value, unit, here);
}

/** Reckon what follows from figures, under each law. */
export function showDerived(here) {
  for (const element of here.panel.querySelectorAll(".derived")) {
    const { unit } = element.dataset;
    const terms = JSON.parse(element.dataset.terms);
    const known = JSON.parse(element.dataset.known); // a figure of the terms may have no field of its own on the page
    const of = (figure, scale) => rounded(reckoned(terms, (path) => figureAt(path, figure, scale) ?? here.changes[path] ?? known[path]), unit);
    const values = { inForce: JSON.parse(element.dataset.inForce), base: of(here.base, here.scale.base), now: of(here.now, (path) => here.scale.now(path, valueNameOf(here, path))) };
    showLaws(element, values, unit, here);
    element.querySelector("[data-now]").textContent = written(values.now, unit, here);
    element.querySelector("[data-now]").hidden = same(values.now, values.base) && here.hasBill && !same(values.base, values.inForce);
  }
}

const valueNameOf = (here, path) => here.panel.querySelector(`.scale[data-path="${CSS.escape(path)}"]`)?.dataset.valueName;

function figureAt(path, figure, scale) {
  const bracket = /^(.*?)(?:\.brackets)?\[(\d+)\]\.(\w+)$/.exec(path);
  if (!bracket) return figure(path);
  const row = scale(bracket[1])?.[Number(bracket[2])];
  return row?.[bracket[3] === "threshold" ? "threshold" : "value"];
}

function reckoned(terms, figure) {
  if (typeof terms === "number") return terms;
  if (typeof terms === "string") return figure(terms) ?? null;
  const [sign, left, right] = [terms[0], reckoned(terms[1], figure), reckoned(terms[2], figure)];
  if (left === null || right === null || (sign === "/" && right === 0)) return null;
  return { "+": left + right, "-": left - right, "*": left * right, "/": left / right }[sign];
}

function rounded(value, unit) {
  return value === null ? null : Number(Number(value.toPrecision(12)).toFixed(unit === "currency" ? 2 : 4));
}

/** A figure with its unit. */
export const written = (value, unit, { language, units }) => text(value, unit, language, units, { yes: t("law_text.yes"), no: t("law_text.no") });

/** Put a number into a field, and its unit behind it in the plural that it asks for; not into one in which somebody is typing. */
export function write(field, value, unit, { language, units }) {
  if (field.dataset.typing) return;
  const known = typeof value === "number";
  field.value = known ? number(value, unit, language, units) : "";
  field.size = Math.max(field.value.length, 3) + 1;
  const behind = field.parentElement.querySelector(".unit");
  if (behind && known) behind.textContent = suffix(value, unit, language, units);
}

/** Say beside a field what is wrong; what was typed stays. */
export function tell(figure, message) {
  const field = fieldOf(figure);
  figure.dataset.refused = "true";
  field.setAttribute("aria-invalid", "true");
  const place = figure.querySelector(".message");
  place.setAttribute("role", "alert");
  place.textContent = message;
}

export function clear(figure) {
  delete figure.dataset.refused;
  fieldOf(figure).removeAttribute("aria-invalid");
  figure.querySelector(".message").textContent = "";
}

export const fieldOf = (figure) => figure.querySelector("input, select");

export const same = (one, other) => one === other || (typeof one === "number" && typeof other === "number" && Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(one)));
