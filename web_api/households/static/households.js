// The panel of typical households: asks for results whenever the amendment or the households change, and keeps the cards in step.
// An edit asks at once after a breath; an answer that comes too late is dropped.

import { announce } from "../page/announce.js";
import { explained, post } from "../page/api.js";
import { amendment, state, subscribe, update } from "../page/state.js";
import { language, t } from "../page/words.js";
import { render } from "./cards.js";
import { openCurve } from "./curve.js";
import { openEditor } from "./editor.js";
import { openWhy } from "./why.js";

const BREATH = 80;

let data, list, summary, problem, waiting, asking;
/** The place of a household that was just added, until its card is shown. */
let added = null;

/** Start the panel in its section. */
export function start(root) {
  data = JSON.parse(root.querySelector("#households-data").textContent);
  list = root.querySelector("#household-cards");
  summary = root.querySelector("#households-summary");
  problem = root.querySelector("#households-problem");
  root.addEventListener("click", onClick);
  subscribe((now, previous) => {
    if (now.year !== previous.year || now.bill !== previous.bill || now.changes !== previous.changes || now.households !== previous.households) later();
  });
}

/** The households shown: those of the address, where a suggested one is its number, or all that are suggested. */
export const households = () => (state().households ?? data.households).map((each) => (Number.isInteger(each) ? data.households[each] : each)).filter(Boolean);

/** The households as the address holds them: suggested ones by number, so that it stays short and follows the language. */
const numbered = (all) => all.map((each) => (data.households.includes(each) ? data.households.indexOf(each) : each));

/** The households for what is kept or sent: whole, null where they are those that are suggested. */
export const chosen = () => (state().households === null ? null : households());

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, BREATH);
}

async function refresh() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const shown = households();
  list.setAttribute("aria-busy", "true");
  try {
    const told = await post("v1/households", { ...amendment(), households: shown, language }, { signal: mine.signal });
    if (mine !== asking) return;
    problem.hidden = true;
    shown.forEach((one, place) => { data.communes[one.commune ?? data.household.commune] = told.households[place].commune; });
    render(list, shown, told);
    summary.textContent = summarized(told);
    showAdded();
  } catch (error) {
    if (error.name === "AbortError" || mine !== asking) return;
    problem.hidden = false;
    problem.textContent = t("households.failed", { message: explained(error) });
  } finally {
    if (mine === asking) list.removeAttribute("aria-busy");
  }
  document.querySelector('#households [data-do="defaults"]').hidden = state().households === null;
}

/** Bring a card that was just added into view, with the focus on it. */
function showAdded() {
  const card = added === null ? null : list.children[added];
  added = null;
  card?.querySelector('[data-do="edit"]').focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
}

/** How many gain and lose by the last of the laws: what a reader of a screen hears after an edit. */
function summarized(told) {
  const law = told.laws.at(-1);
  if (law === "in_force") return t("households.summary_none");
  const changes = told.households.map((each) => Math.round(each.disposable_income[law] - each.disposable_income.in_force));
  const count = (fits) => changes.filter(fits).length;
  return t("households.summary", { gains: count((each) => each > 0), losses: count((each) => each < 0), same: count((each) => each === 0) });
}

function onClick(event) {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const number = Number(button.closest("[data-number]")?.dataset.number);
  const one = households()[number];
  const name = one?.name || t("households.unnamed", { number: number + 1 });
  const actions = {
    add: () => edit({ name: t("households.new_name") }, households().length),
    defaults: () => update({ households: null }),
    edit: () => edit(one, number),
    duplicate: () => put(number + 1, 0, { ...one, name: t("households.copy_of", { name }).slice(0, 80) }, "added"),
    remove: () => remove(number, name),
    curve: () => openCurve(one, name),
    why: () => openWhy(one, name, button.dataset.variable, button.dataset.label, JSON.parse(button.dataset.terms)),
  };
  actions[button.dataset.do]?.();
}

function edit(one, number) {
  openEditor(one, data, (changed) => put(number, number < households().length ? 1 : 0, changed, number < households().length ? null : "added"));
}

function put(number, replaced, one, said) {
  const all = [...households()];
  all.splice(number, replaced, one);
  added = said === "added" ? number : null;
  update({ households: numbered(all) });
  if (said) announce(t(`households.${said}`, { name: one.name }));
}

function remove(number, name) {
  update({ households: numbered(households().filter((_, place) => place !== number)) });
  announce(t("households.removed", { name }));
  (list.querySelector(`[data-number="${Math.max(number - 1, 0)}"] button`) ?? document.querySelector('#households [data-do="add"]')).focus();
}
