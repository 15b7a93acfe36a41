// Figures with their sampling errors, as the page's language writes them.

import { language, number, t } from "../page/words.js";

const NO_BREAK = "\u00a0";
const THIN = language === "fr" ? "\u202f" : "";
const LARGE = [[1e9, language === "fr" ? "Md€" : "€bn"], [1e6, language === "fr" ? "M€" : "€m"]];
/** What stands behind an amount: French puts the currency there, English before the number. */
const behind = (unit) => (language === "fr" ? `${NO_BREAK}${unit}` : unit.replace("€", ""));
const BEFORE = language === "fr" ? "" : "€";
const MINUS = "\u2212";

/** How amounts of about this size are written: what they are divided by, the unit, the decimals. */
export function scale(largest) {
  const [factor, unit] = LARGE.find(([least]) => largest >= least) ?? [1, "€"];
  return { factor, unit, digits: factor === 1 ? 0 : largest / factor >= 100 ? 0 : largest / factor >= 10 ? 1 : 2 };
}

/** An amount with sign and error, `+0,72 Md€ ± 0,05`. */
export function amount(value, error, { factor, unit, digits } = scale(Math.abs(value)), isSigned = true) {
  if (value === null || value === undefined) return { text: "–" };
  return { text: signed(value / factor, digits, isSigned, BEFORE) + behind(unit), error: spread(error, factor, digits) };
}

/** How many, in thousands or millions. */
export function count(value, error) {
  if (value === null || value === undefined) return { text: "–" };
  const [factor, unit, digits] = value >= 1e6 ? [1e6, `${NO_BREAK}M`, 2] : value >= 1e4 || error >= 1e3 ? [1e3, language === "fr" ? `${NO_BREAK}000` : ",000", 0] : [1, "", 0];
  if (factor === 1e3) return { text: number(Math.round(value / 1e3) * 1e3), error: spread(Math.round(error / 1e3) * 1e3, 1, 0) };
  return { text: `${number(value / factor, digits)}${unit}`, error: spread(error, factor, digits) };
}

/** A change of a share of one, in points. */
export function points(value, error, digits = 1) {
  if (value === null || value === undefined) return { text: "–" };
  return { text: `${signed(value * 100, digits, true)}${NO_BREAK}${t("country.points")}`, error: spread(error, 0.01, digits) };
}

/** A share of one, in per cent. */
export function share(value, error, digits = 1, isSigned = false) {
  if (value === null || value === undefined) return { text: "–" };
  return { text: `${signed(value * 100, digits, isSigned)}${THIN}%`, error: spread(error, 0.01, digits) };
}

/** A plain number with sign and error. */
export function plain(value, error, digits, isSigned = false) {
  if (value === null || value === undefined) return { text: "–" };
  return { text: signed(value, digits, isSigned), error: spread(error, 1, digits) };
}

/** Text and error in one, for a sentence. */
export const inWords = ({ text, error }) => (error ? `${text} ±${NO_BREAK}${error}` : text);

function signed(value, digits, isSigned, before = "") {
  const text = before + number(Math.abs(value), digits);
  if (!/[1-9]/.test(text)) return text;
  return value < 0 ? MINUS + text : isSigned ? `+${text}` : text;
}

function spread(error, factor, digits) {
  if (error === null || error === undefined) return "";
  const text = number(error / factor, digits);
  return /[1-9]/.test(text) ? text : "";
}
