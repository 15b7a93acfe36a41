// Tables made of rows: a caption, headings with scope, figures with their sampling errors behind them.

import { t } from "../page/words.js";

/** An element with attributes and children (elements, texts). */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * Fill `place` with a table. `columns`: headings, the first of the rows' names. `rows`: {name, lang, isTotal, cells: [{text, error}]}.
 * The place can be scrolled where the table is wider, so it must be reached by keyboard.
 */
export function fill(place, caption, columns, rows) {
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", caption);
  const head = element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column))));
  place.replaceChildren(element("table", {}, element("caption", {}, element("span", { class: "caption" }, caption)), head, element("tbody", {}, ...rows.map(row))));
}

function row({ name, lang, isTotal, cells }) {
  return element("tr", isTotal ? { class: "total" } : {}, element("th", { scope: "row", lang }, name), ...cells.map(cell));
}

function cell({ text, error }) {
  if (!error) return element("td", {}, text);
  return element("td", {}, text, " ", element("span", { class: "error" }, "±\u00a0", error));
}

/** What a cell says that secrecy refuses. */
export const refused = () => ({ text: t("country.secret") });
