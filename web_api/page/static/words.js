// The words of the page in its language, as the server put them into it.

const known = JSON.parse(document.getElementById("words").textContent);

/** The language of the page, `fr` or `en`. */
export const language = document.documentElement.lang;

/** Whether there are words under a key. */
export const has = (key) => key in known;

/** What a key says, with `{name}` replaced by values. */
export function t(key, values = {}) {
  if (!(key in known)) throw new Error(`no words under ${key}`);
  return known[key].replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A number as the language writes it. */
export const number = (value, digits = 0) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");

/** An amount in euros. */
export const euros = (value, digits = 0) => value.toLocaleString(language, { style: "currency", currency: "EUR", minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");

/** What stands between a name and what is said of it. */
export const colon = language === "fr" ? "\u00a0: " : ": ";
