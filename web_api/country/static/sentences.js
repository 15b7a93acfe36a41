// Notes and cautions come from the analysis in French; those that are known are said in the page's language, with their figures.

import { language, number, t } from "../page/words.js";

/** Levies and benefits that notes name, by their French names. */
const MEASURES = new Map([
  ["Taxe d'habitation", t("country.measure_taxe_habitation")],
  ["Contribution à l'audiovisuel public", t("country.measure_contribution_audiovisuel")],
]);
const KNOWN = [
  [/^Effets mécaniques, .* de (?<count>\d+) répliques bootstrap/, "country.note_method"],
  [/^Hors ménages ordinaires : (?<count>[\d\s]+) foyers ou communautés/, "country.note_outside"],
  [/^(?<name>\w+) : (?<count>[\d\s]+) lignes que le droit refuse/, "country.note_refused"],
  [/^(?<names>.+) : (?<count>[\d\s]+) lignes de « (?<entity>\w+) » sans ménage/, "country.note_without_household"],
  [/^La réforme ne change aucun montant en (?<year>\d+) : ses chiffres changent à partir du (?<from>[\d-]+)\.$/, "country.caution_later"],
  [/^La réforme ne change aucun montant en (?<year>\d+)\.$/, "country.caution_nothing"],
  [/^Chiffres du droit connus jusqu'en (?<end>\d+) \((?<names>.*)\) : .* en (?<year>\d+)\.$/, "country.caution_end"],
];

/** Counts with the language's separators, the names of levies in its words where they are known. */
function written(name, value) {
  if (name === "count") return number(Number(value.replaceAll(/\s/g, "")));
  if (name !== "names") return value;
  return value.split(", ").map((each) => MEASURES.get(each) ?? each).join(", ");
}

/** What a sentence says in the page's language, and its language where that is another one. */
export function said(text) {
  if (language === "fr") return { words: text };
  for (const [pattern, key] of KNOWN) {
    const found = pattern.exec(text);
    if (found) return { words: t(key, Object.fromEntries(Object.entries(found.groups).map(([name, value]) => [name, written(name, value)]))) };
  }
  return { words: text, lang: "fr" };
}
