// The dialog that saves the amendment of the page into a workspace, a new one or one that this browser knows of.

import { chosen } from "../households/households.js";
import { get, post, call } from "../page/api.js";
import { state } from "../page/state.js";
import { language, t } from "../page/words.js";
import { known, remember } from "./known.js";

const CONFLICT = 409;
const root = () => new URL(document.documentElement.dataset.root, location.href);

/** Make a button open the dialog. */
export function start(button) {
  button.addEventListener("click", () => open(button));
}

function open(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "save";
  dialog.setAttribute("aria-labelledby", "save-title");
  dialog.append(form(dialog));
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function form(dialog) {
  const made = document.createElement("form");
  const title = document.createElement("h2");
  title.id = "save-title";
  title.textContent = t("workspaces.save_title");
  const name = input(t("workspaces.default_name", { date: new Date().toLocaleDateString(language) }));
  const into = choice();
  const workspace = input(t("workspaces.default_workspace"));
  const workspaceField = field("workspaces.name", workspace);
  const show = () => (workspaceField.hidden = into.value !== "");
  into.addEventListener("change", show);
  show();
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  const buttons = document.createElement("p");
  buttons.className = "row";
  const cancel = button("workspaces.cancel", "button");
  cancel.addEventListener("click", () => dialog.close());
  buttons.append(button("workspaces.confirm", "submit"), cancel);
  made.append(title, field("workspaces.amendment_name", name), field("workspaces.into", into), workspaceField, buttons, said, problem);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const kept = await saved(into.value, workspace.value.trim(), name.value.trim());
      tell(said, kept);
    } catch (error) {
      problem.textContent = error.status === CONFLICT ? t("workspaces.conflict") : error.message;
    }
  });
  return made;
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

function field(words, control) {
  const label = document.createElement("label");
  label.className = "field";
  label.append(t(words), control);
  return label;
}

function button(words, type) {
  const made = document.createElement("button");
  made.type = type;
  made.textContent = t(words);
  made.classList.toggle("main", type === "submit");
  return made;
}
