// The law, amended in place: figures are fields; the bill and the amendment are shown beside the law in force, and what follows from figures follows.

import { announce } from "../page/announce.js";
import { explained, fetched, get } from "../page/api.js";
import { amend, state, subscribe, update } from "../page/state.js";
import { t } from "../page/words.js";
import { startDraft } from "./draft.js";
import { bindFigures, showDerived, showFigures } from "./figures.js";
import { bindScales, showScales } from "./scales.js";

const NO_BILL = { key: null, figures: new Map(), scales: new Map(), notes: [] };
let bill = NO_BILL;
let asked = 0;

/** Make the panel answer: `root` is its section. */
export function start(root) {
  bind(root);
  subscribe((now, before) => refresh(root, now, before));
  startDraft(root, () => law(root));
  return refresh(root, state(), null);
}

/** The panel's element, which another year replaces. */
const law = (root) => root.querySelector(".law");

/** What the panel's fields need to know: language, units, and the value of each figure under each law. */
export function context(root) {
  const panel = law(root);
  const { changes } = state();
  const inForce = new Map();
  for (const each of panel.querySelectorAll(".figure[data-path]")) inForce.set(each.dataset.path, JSON.parse(each.dataset.inForce));
  const scalesInForce = new Map();
  for (const each of panel.querySelectorAll(".scale")) scalesInForce.set(each.dataset.path, JSON.parse(each.dataset.inForce));
  const base = (path) => bill.figures.get(path) ?? inForce.get(path);
  const baseOfScale = (path) => bill.scales.get(path) ?? scalesInForce.get(path);
  return {
    panel,
    language: panel.dataset.language,
    units: JSON.parse(panel.dataset.units),
    changes,
    hasBill: bill.key !== null,
    inForce: (path) => inForce.get(path),
    base,
    now: (path) => (typeof changes[path] === "object" || changes[path] === undefined ? base(path) : changes[path]),
    scale: {
      inForce: (path) => scalesInForce.get(path),
      base: baseOfScale,
      now: (path, valueName) => (Array.isArray(changes[path]) ? changes[path].map((each) => ({ threshold: each.threshold, value: each[valueName] })) : baseOfScale(path)),
    },
  };
}

function bind(root) {
  const here = () => context(root);
  bindFigures(law(root), here, amend);
  bindScales(law(root), here, amend);
  for (const article of law(root).querySelectorAll(".article")) {
    article.querySelector("[data-reset-article]").addEventListener("click", () => resetArticle(article));
  }
}

/** Bring year and bill up to date where they changed, then show; a later call overtakes an earlier one. */
async function refresh(root, now, before) {
  const turn = (asked += 1);
  try {
    if (Number(law(root).dataset.year) !== now.year) await showYear(root, now.year, turn);
    const key = now.bill === null ? null : `${now.year} ${now.bill}`;
    if (key !== bill.key) {
      const found = now.bill === null ? NO_BILL : await readBill(root, now, key);
      if (turn !== asked) return;
      bill = found;
    }
    if (turn === asked) show(root);
  } catch (error) {
    if (error.explained === undefined) throw error;
    announce(t("law_text.failed", { message: explained(error) }));
  }
}

async function showYear(root, year, turn) {
  const old = law(root);
  const answer = await fetched(`panels/law?year=${year}&language=${old.dataset.language}`);
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  if (turn !== asked) return;
  const opened = new Set([...old.querySelectorAll("details[open][data-article]")].map((each) => each.dataset.article));
  const panel = made.content.querySelector(".law");
  for (const each of panel.querySelectorAll("details[data-article]")) each.open = opened.has(each.dataset.article);
  panel.querySelector("details.draft").replaceWith(old.querySelector("details.draft"));
  old.replaceWith(panel);
  bind(root);
}

async function readBill(root, { year, bill: name }, key) {
  const address = `v1/law?year=${year}&language=${law(root).dataset.language}&bill=${encodeURIComponent(name)}`;
  const told = await get(address);
  const figures = new Map();
  const scales = new Map();
  for (const article of told.articles) {
    for (const paragraph of article.paragraphs) {
      const pieces = [...paragraph.pieces, ...(paragraph.table?.rows.flatMap((row) => row.cells.flat()) ?? [])];
      for (const piece of pieces) if (piece.kind === "figure") figures.set(piece.path, piece.values.bill);
      if (paragraph.scale) scales.set(paragraph.scale.path, paragraph.scale.brackets.bill);
    }
  }
  for (const note of told.notes) announce(note);
  return { key, figures, scales, notes: told.notes };
}

function show(root) {
  const here = context(root);
  showFigures(here);
  showScales(here);
  showDerived(here);
  const notes = here.panel.querySelector("[data-notes]");
  notes.textContent = bill.notes.join(" ");
  notes.hidden = bill.notes.length === 0;
  for (const article of here.panel.querySelectorAll(".article")) {
    const paths = pathsOf(article);
    const isAmended = paths.some((path) => path in here.changes);
    badge(article, "amended", isAmended);
    badge(article, "bill", here.hasBill && paths.some((path) => JSON.stringify(bill.figures.get(path) ?? bill.scales.get(path)) !== JSON.stringify(here.inForce(path) ?? here.scale.inForce(path))));
    article.querySelector("[data-reset-article]").hidden = !isAmended;
  }
}

const badge = (article, name, isShown) => { article.querySelector(`[data-badge="${name}"]`).hidden = !isShown; };

const pathsOf = (article) => [...new Set([...article.querySelectorAll("[data-path]")].map((each) => each.dataset.path))];

function resetArticle(article) {
  const changes = { ...state().changes };
  for (const path of pathsOf(article)) delete changes[path];
  update({ changes });
  article.querySelector("summary").focus();
}
