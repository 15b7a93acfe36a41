// Notes and cautions come from the analysis in French; those that are known are said in the page's language, with their figures.

import { language, t } from "../page/words.js";

const KNOWN = [
  [/^Effets mécaniques, .* de (?<count>\d+) répliques bootstrap/, "country.note_method"],
  [/^Hors ménages ordinaires : (?<count>[\d\s]+) foyers ou communautés/, "country.note_outside"],
  [/^(?<name>\w+) : (?<count>[\d\s]+) lignes que le droit refuse/, "country.note_refused"],
  [/^(?<names>.+) : (?<count>[\d\s]+) lignes de « (?<entity>\w+) » sans ménage/, "country.note_without_household"],
  [/^La réforme ne change aucun montant en (?<year>\d+) : ses chiffres changent à partir du (?<from>[\d-]+)\.$/, "country.caution_later"],
  [/^La réforme ne change aucun montant en (?<year>\d+)\.$/, "country.caution_nothing"],
  [/^Chiffres du droit connus jusqu'en (?<end>\d+) \((?<names>.*)\) : .* en (?<year>\d+)\.$/, "country.caution_end"],
];

/** What a sentence says in the page's language, and its language where that is another one. */
export function said(text) {
  if (language === "fr") return { words: text };
  for (const [pattern, key] of KNOWN) {
    const found = pattern.exec(text);
    if (found) return { words: t(key, found.groups) };
  }
  return { words: text, lang: "fr" };
}
