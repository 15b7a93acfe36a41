// How figures are written and read, by their unit: the same as `web_api/law_text/figures.py`, from the same table of units (`data-units` of the panel).
// Digits are moved as text, never multiplied: 45,25 % is 0.4525 exactly, and every figure that is written can be read back.

const SPACE = "\u00a0";

/** Move the decimal point of a number's digits: `shifted("0.4525", 2)` is `45.25`. */
export function shifted(digits, by) {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(digits);
  const point = whole.length + Number(exponent) + by;
  const all = whole + fraction;
  const padded = point <= 0 ? "0".repeat(1 - point) + all : all.padEnd(point, "0");
  const at = point <= 0 ? 1 : point;
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const behind = padded.slice(at).replace(/0+$/, "");
  const found = before + (behind ? `.${behind}` : "");
  return sign && Number(found) !== 0 ? `-${found}` : found;
}

/** A figure's number without its unit, as it stands in a field. */
export function number(value, unit, language, units) {
  const shown = shifted(String(value), units[unit]?.exponent ?? 0);
  const [whole, fraction = ""] = shown.replace("-", "").split(".");
  const cents = unit === "currency" && fraction ? fraction.padEnd(2, "0") : fraction;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "fr" ? SPACE : ",");
  return (shown.startsWith("-") ? "-" : "") + grouped + (cents ? (language === "fr" ? "," : ".") + cents : "");
}

/** A figure with its unit; a dash where there is none. */
export function text(value, unit, language, units, words = { yes: "true", no: "false" }) {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "string") return value;
  const known = units[unit];
  const written = number(value, unit, language, units);
  if (!known) return written;
  const prefix = known.prefix[language === "fr" ? 0 : 1];
  return (written.startsWith("-") ? `-${prefix}${written.slice(1)}` : prefix + written) + suffix(value, unit, language, units);
}

/** What stands behind a number: French has the plural from 2 on, English for all but 1. */
export function suffix(value, unit, language, units) {
  const known = units[unit];
  if (!known) return "";
  const size = Math.abs(Number(shifted(String(value), known.exponent)));
  return known[language][(language === "fr" ? size >= 2 : size !== 1) ? 1 : 0];
}

/**
 * Read what someone typed: `{value}`, or `{problem}`, a key of words. Both `11 294,50` and `11,294.50` are understood in both languages; a single
 * separator before three digits is a decimal comma in French, thousands in English, and a point there is refused in French: it would be a thousand times off.
 */
export function read(typed, unit, language, units) {
  const bare = typed.replace(/[\s\u00a0\u202f'’€%]/g, "").replace(/^[−–]/, "-").replace(/\p{L}+$/u, "");
  if (bare === "") return { problem: typed.trim() === "" ? "wrong_empty" : "wrong_number" };
  if (!/^-?[\d.,]*\d[\d.,]*$/.test(bare)) return { problem: "wrong_number" };
  const plain = decimal(bare, language);
  if (plain.problem) return plain;
  const value = Number(shifted(plain.digits, -(units[unit]?.exponent ?? 0)));
  return Number.isFinite(value) ? { value } : { problem: "wrong_number" };
}

function decimal(bare, language) {
  const commas = bare.split(",").length - 1;
  const points = bare.split(".").length - 1;
  if (commas && points) {
    const mark = bare.lastIndexOf(",") > bare.lastIndexOf(".") ? "," : ".";
    return grouped(bare, mark === "," ? "." : ",", mark);
  }
  if (commas + points === 0) return { digits: bare };
  const mark = commas ? "," : ".";
  if (commas + points > 1) return grouped(bare, mark, null);
  const ambiguous = /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(bare);
  if (ambiguous && language === "fr" && mark === ".") return { problem: "wrong_point" };
  if (ambiguous && language !== "fr" && mark === ",") return { digits: bare.replace(",", "") };
  return { digits: bare.replace(mark, ".").replace(/\.$/, "").replace(/^(-?)\./, "$10.") };
}

/** Thousands in groups of three, and one decimal mark behind them at most. */
function grouped(bare, thousands, mark) {
  const [whole, fraction, ...more] = mark ? bare.split(mark) : [bare];
  const fits = more.length === 0 && new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})*$`).test(whole) && /^\d*$/.test(fraction ?? "");
  return fits ? { digits: whole.replaceAll(thousands, "") + (fraction ? `.${fraction}` : "") } : { problem: "wrong_number" };
}
