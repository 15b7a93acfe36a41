// The dialog that exports a note: the server writes the file from the page's state, and keeps nothing of it.

import { chosen } from "../households/households.js";
import { ApiError, address } from "../page/api.js";
import { buttons, field, opens } from "../page/dialog.js";
import { state } from "../page/state.js";
import { language, t } from "../page/words.js";

const FORMATS = ["pdf", "ods", "csv"];

/** Make a button open the dialog. */
export function start(button) {
  opens(button, "notes.dialog", fill);
}

function fill({ form, said, problem, close }) {
  const title = document.createElement("input");
  Object.assign(title, { name: "title", maxLength: 200, autocomplete: "off", value: t("notes.title") });
  const format = document.createElement("select");
  format.name = "format";
  format.append(...FORMATS.map((each) => new Option(t(`notes.${each}`), each)));
  const hint = document.createElement("p");
  hint.className = "note";
  hint.textContent = t("notes.country_hint");
  form.append(field("notes.dialog_title", title), field("notes.format", format), hint, buttons("notes.export", "notes.cancel", close), said, problem);
  form.addEventListener("submit", async (event) => {
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
