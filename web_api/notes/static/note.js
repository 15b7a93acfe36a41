// The dialog that exports a note: the server writes the file from the page's state, and keeps nothing of it.

import { chosen } from "../households/households.js";
import { ApiError, address } from "../page/api.js";
import { state } from "../page/state.js";
import { language, t } from "../page/words.js";

const FORMATS = ["pdf", "ods", "csv"];

/** Make a button open the dialog. */
export function start(button) {
  button.addEventListener("click", () => open(button));
}

function open(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "save";
  dialog.setAttribute("aria-labelledby", "note-dialog");
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
  const heading = document.createElement("h2");
  heading.id = "note-dialog";
  heading.textContent = t("notes.dialog");
  const title = document.createElement("input");
  Object.assign(title, { name: "title", maxLength: 200, autocomplete: "off", value: t("notes.title") });
  const format = document.createElement("select");
  format.name = "format";
  format.append(...FORMATS.map((each) => new Option(t(`notes.${each}`), each)));
  const hint = document.createElement("p");
  hint.className = "note";
  hint.textContent = t("notes.country_hint");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  const cancel = button("notes.cancel", "button");
  cancel.addEventListener("click", () => dialog.close());
  const buttons = document.createElement("p");
  buttons.className = "row";
  buttons.append(button("notes.export", "submit"), cancel);
  made.append(heading, field("notes.dialog_title", title), field("notes.format", format), hint, buttons, said, problem);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    said.textContent = t("notes.exporting");
    try {
      said.textContent = t("notes.exported", { name: await exported(title.value, format.value) });
    } catch (error) {
      said.textContent = "";
      problem.textContent = error.message;
    }
  });
  return made;
}

/** Have the note made and hand it to the browser; returns the file's name. */
async function exported(title, format) {
  const { year, bill, changes } = state();
  const body = JSON.stringify({ year, bill, changes, households: chosen(), title, format, language });
  const answer = await fetch(address("v1/notes"), { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new ApiError(answer.status, (await answer.json()).error);
  const name = answer.headers.get("Content-Disposition").match(/filename="([^"]+)"/)[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
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
