// The dialog that saves the amendment of the page into a workspace, a new one or one that this browser knows of.

import { chosen } from "../households/households.js";
import { call, explained, get, post } from "../page/api.js";
import { buttons, field, opens } from "../page/dialog.js";
import { state } from "../page/state.js";
import { language, t } from "../page/words.js";
import { known, remember } from "./known.js";

const CONFLICT = 409;
const root = () => new URL(document.documentElement.dataset.root, location.href);

/** Make a button open the dialog. */
export function start(button) {
  opens(button, "workspaces.save_title", fill);
}

function fill({ form, said, problem, close, done }) {
  const name = input(t("workspaces.default_name", { date: new Date().toLocaleDateString(language, { dateStyle: "long" }) }));
  const into = choice();
  const workspace = input(t("workspaces.default_workspace"));
  const workspaceField = field("workspaces.name", workspace);
  const show = () => (workspaceField.hidden = into.value !== "");
  into.addEventListener("change", show);
  show();
  const row = buttons("workspaces.confirm", "workspaces.cancel", close);
  form.append(field("workspaces.amendment_name", name), field("workspaces.into", into), workspaceField, row, said, problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      tell(said, await saved(into.value, workspace.value.trim(), name.value.trim()));
      done();
    } catch (error) {
      problem.textContent = error.status === CONFLICT ? t("workspaces.conflict") : explained(error);
    }
  });
}

/** Save the page's state under a name into a workspace (`id`), or into a new one; an amendment of the same name is replaced. */
async function saved(id, workspaceName, name) {
  const { year, bill, changes } = state();
  const item = { name, amendment: { year, bill, changes }, households: chosen() };
  if (id === "") return noted(await post(new URL("v1/workspaces", root()), { name: workspaceName, amendments: [item] }));
  const address = new URL(`v1/workspaces/${encodeURIComponent(id)}`, root());
  const kept = await get(address);
  const amendments = [...kept.amendments.filter((each) => each.name !== name), item];
  return noted(await call("PUT", address, { name: kept.name, version: kept.version, amendments }));
}

function noted(kept) {
  remember(kept.id, kept.name);
  return kept;
}

function tell(said, kept) {
  const link = document.createElement("a");
  link.href = new URL(`workspaces/${kept.id}?lang=${language}`, root()).href;
  link.textContent = t("workspaces.see");
  said.replaceChildren(t("workspaces.saved", { name: kept.name }), " ", link);
}

function choice() {
  const made = document.createElement("select");
  made.append(new Option(t("workspaces.new"), ""), ...known().map((each) => new Option(each.name, each.id)));
  if (made.options.length > 1) made.selectedIndex = 1;
  return made;
}

function input(value) {
  const made = document.createElement("input");
  Object.assign(made, { value, required: true, maxLength: 200, autocomplete: "off" });
  return made;
}
