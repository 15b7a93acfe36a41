// "Why this amount?": the chain of rules with the figures and their articles, in a dialog, under the law that the reader chooses.

import { explained, post } from "../page/api.js";
import { amendment, state } from "../page/state.js";
import { euros, language, t } from "../page/words.js";
import { element } from "./cards.js";
import { open } from "./dialogs.js";

let asking;

/** Open the dialog on an amount of a household. */
export function openWhy(one, name, variable, label, terms) {
  const dialog = document.getElementById("household-why");
  const laws = dialog.querySelector("[name=law]");
  const { bill, changes } = state();
  const there = { in_force: true, bill: bill !== null, amended: Object.keys(changes).length > 0 };
  for (const option of laws.options) option.hidden = option.disabled = !there[option.value];
  laws.value = there.amended ? "amended" : there.bill ? "bill" : "in_force";
  const choice = dialog.querySelector("[name=term]");
  const explain = () => show(dialog, one, terms.length ? choice.value : variable, label, laws.value);
  dialog.querySelector("[data-terms]").hidden = terms.length < 2;
  choose(choice, terms, laws.value);
  choice.onchange = explain;
  laws.onchange = () => {
    choose(choice, terms, laws.value);
    explain();
  };
  dialog.querySelector("h3").textContent = t("households.why_of", { label, name });
  dialog.querySelector("[data-explanation]").onclick = follow;
  open(dialog, () => asking?.abort());
  explain();
}

/** The terms of an amount with their signs, under a law: what was chosen stays so. */
function choose(choice, terms, law) {
  const before = choice.value;
  choice.replaceChildren(...terms.map(({ variable, label, sign, amounts }) => element("option", { value: variable }, `${sign < 0 ? "−" : "+"} ${euros(amounts[law] ?? 0)} ${label}`)));
  choice.value = terms.some((each) => each.variable === before) ? before : terms[0]?.variable ?? "";
}

async function show(dialog, household, variable, label, law) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const [status, place] = [dialog.querySelector("[data-told]"), dialog.querySelector("[data-explanation]")];
  status.textContent = t("households.wait");
  place.replaceChildren();
  try {
    const found = await post("v1/households/why", { ...amendment(), household, variable, law, language }, { signal: mine.signal });
    if (mine !== asking) return;
    const month = found.period.length > 4 ? ` ${t("households.why_month")}` : "";
    status.textContent = t("households.why_period", { label, period: found.period }) + month;
    place.innerHTML = found.html; // made and escaped by our own server
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = t("households.failed", { message: explained(error) });
  }
}

/** A link to a step shows it within the dialog: the address' fragment holds the amendment, and must stay. */
function follow(event) {
  const link = event.target.closest('a[href^="#s"]');
  if (!link) return;
  event.preventDefault();
  const step = event.currentTarget.querySelector(`[id="${link.getAttribute("href").slice(1)}"]`);
  for (let each = step; each && each !== event.currentTarget; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  step?.scrollIntoView({ block: "center" });
  const head = step?.querySelector("summary") ?? step;
  if (head && !head.matches("summary")) head.tabIndex = -1;
  head?.focus();
}
