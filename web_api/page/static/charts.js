// Draws Vega-Lite specs in the page's colours and language. Vega's bundle is fetched when the first chart is drawn.
// A colour in a spec may be the name of a variable, as "var(--gain)"; it follows the colour scheme. Expressions run in Vega's interpreter, since
// the page's security policy forbids making code from text.

import { language } from "./words.js";

const LOCALES = {
  fr: {
    number: { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%", minus: "\u2212" },
    time: {
      dateTime: "%A %e %B %Y à %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
      days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
      shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
      months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
      shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    },
  },
  en: { number: { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""], percent: "%", minus: "\u2212" } },
};
const VARIABLE = /^var\((--[\w-]+)\)$/;
const drawn = new Map();

/** Draw `spec` (an object of Vega-Lite) in `element`; drawing again replaces. Resolves to Vega's view. The description is what readers of a screen are told. */
export async function draw(element, spec) {
  const turn = Symbol();
  const earlier = drawn.get(element);
  drawn.set(element, { spec, turn, view: earlier?.view });
  const { vegaEmbed } = await import("./vega.js");
  if (drawn.get(element)?.turn !== turn) return drawn.get(element)?.view;
  const made = await vegaEmbed(element, coloured(withWidth(spec)), {
    actions: false,
    ast: true,
    config: config(),
    defaultStyle: false,
    formatLocale: LOCALES[language]?.number,
    timeFormatLocale: LOCALES[language]?.time,
    logLevel: 1, // errors: warnings of Vega-Lite are for who writes specs
    mode: "vega-lite",
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  });
  if (drawn.get(element)?.turn !== turn) return made.view;
  earlier?.view?.finalize();
  drawn.set(element, { spec, turn, view: made.view });
  withoutRoles(element.querySelector("svg"));
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", spec.description ?? "");
  return made.view;
}

/** The element is one image with one description: what Vega says of each mark, in English, is left out. */
function withoutRoles(drawing) {
  drawing.setAttribute("aria-hidden", "true");
  for (const each of drawing.querySelectorAll("[role], [aria-roledescription]")) {
    for (const name of ["role", "aria-roledescription", "aria-label"]) each.removeAttribute(name);
  }
}

/** As wide as the element, where the spec says nothing else. */
const withWidth = (spec) => ("width" in spec || "hconcat" in spec || "vconcat" in spec || "facet" in spec ? spec : { width: "container", ...spec });

function config() {
  const font = css("--font");
  return {
    aria: false,
    background: "transparent",
    font,
    axis: { labelColor: css("--muted"), titleColor: css("--ink"), gridColor: css("--line"), domainColor: css("--edge"), tickColor: css("--edge"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 600 },
    legend: { labelColor: css("--ink"), titleColor: css("--ink"), orient: "bottom", labelFontSize: 12, titleFontSize: 12, labelLimit: 400 },
    title: { color: css("--ink"), anchor: "start", fontSize: 14 },
    text: { color: css("--ink"), fontSize: 12 },
    header: { labelColor: css("--ink"), titleColor: css("--ink") },
    rule: { color: css("--edge") },
    view: { stroke: null },
  };
}

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The same spec with each "var(--name)" as the colour that it stands for now. */
function coloured(value) {
  if (typeof value === "string") {
    const name = VARIABLE.exec(value)?.[1];
    return name ? css(name) : value;
  }
  if (Array.isArray(value)) return value.map(coloured);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each)]));
  return value;
}

function drawAgain() {
  for (const [element, { spec }] of drawn) {
    if (element.isConnected) draw(element, spec);
    else drawn.delete(element);
  }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
