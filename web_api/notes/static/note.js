// The dialog that exports a note: the server writes the file from the page's state, and keeps nothing of it.

import { chosen, households } from "../households/households.js";
import { explained, fetched } from "../page/api.js";
import { buttons, field, opens } from "../page/dialog.js";
import { state } from "../page/state.js";
import { language, t } from "../page/words.js";

const FORMATS = ["pdf", "ods", "csv"];

/** Make a button open the dialog. */
export function start(button) {
  opens(button, "notes.dialog", fill);
}

function fill({ form, said, problem, close, done }) {
  const title = document.createElement("input");
  Object.assign(title, { name: "title", maxLength: 200, autocomplete: "off", value: t("notes.title") });
  const format = document.createElement("select");
  format.name = "format";
  format.append(...FORMATS.map((each) => new Option(t(`notes.${each}`), each)));
  const choice = choiceOfHouseholds();
  const hint = document.createElement("p");
  hint.className = "note";
  hint.textContent = t("notes.country_hint");
  form.append(field("notes.dialog_title", title), field("notes.format", format), choice.element, hint, buttons("notes.export", "notes.cancel", close), said, problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    said.textContent = t("notes.exporting");
    try {
      said.textContent = t("notes.exported", { name: await exported(title.value, format.value, choice.chosen()) });
      done();
    } catch (error) {
      said.textContent = "";
      problem.textContent = explained(error);
    }
  });
}

/** Which of the page's households the note holds: all, until somebody says otherwise. */
function choiceOfHouseholds() {
  const all = households();
  const element = document.createElement("details");
  const summary = document.createElement("summary");
  const fields = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = t("notes.households_in_it");
  const boxes = all.map((each, place) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    const label = document.createElement("label");
    label.append(box, " ", each.name || t("households.unnamed", { number: place + 1 }));
    fields.append(label);
    return box;
  });
  const count = () => (summary.textContent = t("notes.households_count", { count: boxes.filter((box) => box.checked).length, all: all.length }));
  fields.prepend(legend);
  fields.addEventListener("change", count);
  count();
  element.append(summary, fields);
  element.hidden = all.length === 0;
  return { element, chosen: () => (boxes.every((box) => box.checked) ? chosen() : all.filter((_, place) => boxes[place].checked)) };
}

/** Have the note made and hand it to the browser; returns the file's name. */
async function exported(title, format, chosenHouseholds) {
  const { year, bill, changes } = state();
  const body = JSON.stringify({ year, bill, changes, households: chosenHouseholds, title, format, language });
  const answer = await fetched("v1/notes", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const name = answer.headers.get("Content-Disposition").match(/filename="([^"]+)"/)[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
}
