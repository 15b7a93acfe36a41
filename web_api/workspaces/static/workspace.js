// A workspace's page: rename it, take amendments out, delete it, and compare what its amendments do to the country.

import { call, explained } from "../page/api.js";
import { t } from "../page/words.js";
import { compare } from "./comparison.js";
import { forget, remember } from "./known.js";

const CONFLICT = 409;
const kept = JSON.parse(document.getElementById("kept").textContent);
const root = new URL(document.documentElement.dataset.root, location.href);
const address = new URL(`v1/workspaces/${encodeURIComponent(kept.id)}`, root);
const problem = document.getElementById("problem");
const said = document.getElementById("said");

remember(kept.id, kept.name);

/** Save a change of the workspace; returns whether it was saved. What is wrong is told on the page. */
async function save(change) {
  problem.textContent = "";
  try {
    const { name, amendments, version } = await call("PUT", address, { name: kept.name, amendments: kept.amendments, version: kept.version, ...change });
    Object.assign(kept, { name, amendments, version });
    remember(kept.id, name);
    return true;
  } catch (error) {
    problem.textContent = error.status === CONFLICT ? t("workspaces.conflict") : explained(error);
    return false;
  }
}

document.getElementById("rename").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await save({ name: event.target.elements.name.value.trim() })) said.textContent = t("workspaces.renamed");
});

for (const button of document.querySelectorAll("[data-remove]")) {
  button.addEventListener("click", async () => {
    const place = Number(button.dataset.remove);
    if (!confirm(t("workspaces.remove_sure", { name: kept.amendments[place].name }))) return;
    if (await save({ amendments: kept.amendments.filter((_, each) => each !== place) })) location.reload();
  });
}

document.getElementById("delete").addEventListener("click", async () => {
  if (!confirm(t("workspaces.delete_sure", { name: kept.name }))) return;
  try {
    await call("DELETE", address);
  } catch (error) {
    problem.textContent = explained(error);
    return;
  }
  forget(kept.id);
  location.assign(new URL("workspaces", root));
});

document.getElementById("compare")?.addEventListener("click", (event) => compare(kept.amendments, event.target));
