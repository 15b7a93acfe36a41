// Another text or another year to start from: rows of a scale that nobody edited follow it, edited ones stay (`POST /v1/amendments/rebase`).
// One change of the state, so that one step back undoes it whole. What both changed is told as long as it stands.

import { announce } from "./announce.js";
import { explained, post } from "./api.js";
import { state, subscribe, update } from "./state.js";
import { language, t } from "./words.js";

/** The scales as they were edited, and over which law: who goes to a bill and back finds their own again, also where the bill said the same. */
const edited = new WeakMap();
let asked = 0;
/** What was told last, and of which law. */
let told = { year: null, bill: null, conflicts: [] };

/** Keep the place where conflicts are told in step with the state. */
export function start() {
  subscribe(show);
  document.querySelector("#kept button").addEventListener("click", () => {
    told.conflicts = [];
    show(state());
    document.getElementById("bill").focus();
  });
}

/** Start from another year or bill: `startFrom({bill: "plf_2024"})`; a later call overtakes an earlier one. Nothing changes where the server does not answer. */
export async function startFrom(change) {
  const turn = (asked += 1);
  try {
    for (;;) {
      const before = state();
      const next = { year: before.year, bill: before.bill, ...change };
      const found = await over(next, before);
      if (turn !== asked) return;
      if (state() !== before) continue; // changed meanwhile
      told = { year: next.year, bill: next.bill, conflicts: found.conflicts };
      update({ ...change, changes: found.changes });
      if (found.conflicts.length) announce(t("page.kept_count", { count: found.conflicts.length }));
      return;
    }
  } catch (error) {
    if (turn === asked) announce(t("page.not_rebased", { message: explained(error) }));
  }
}

/** The amendment's changes over another law, and what both change. */
async function over(next, { year, bill, changes }) {
  const found = { changes: { ...changes }, conflicts: [] };
  for (const [law, scales] of byLaw({ year, bill, changes })) {
    const answer = await post("v1/amendments/rebase", { ...JSON.parse(law), changes: Object.fromEntries(scales.map(([path, { brackets }]) => [path, brackets])), onto: next, language });
    found.conflicts.push(...answer.conflicts);
    for (const [path, own] of scales) {
      const rebased = answer.changes[path];
      edited.set(rebased, own);
      found.changes[path] = rebased;
    }
  }
  return found;
}

/** The edited scales by the law that they were edited over. */
function byLaw({ year, bill, changes }) {
  const found = new Map();
  for (const [path, brackets] of Object.entries(changes)) {
    if (!Array.isArray(brackets)) continue;
    const own = edited.get(brackets) ?? { law: JSON.stringify({ year, bill }), brackets };
    found.set(own.law, [...(found.get(own.law) ?? []), [path, own]]);
  }
  return found;
}

function show({ year, bill, changes }) {
  const place = document.getElementById("kept");
  const stand = year === told.year && bill === told.bill ? told.conflicts.filter((each) => each.path in changes) : [];
  place.hidden = stand.length === 0;
  place.querySelector("ul").replaceChildren(...stand.map((each) => Object.assign(document.createElement("li"), { textContent: each.message })));
}
