// A dialog that a button of the bar opens: a form with fields, what happens said below it, and the button in focus again when it closes.

import { t } from "./words.js";

/**
 * Make a button open a dialog of that title; `fill({form, said, problem, close, done})` puts the fields into the form before they are shown. `done()` says that it
 * is done: there is nothing left to call off, and the way out is called so.
 */
export function opens(button, title, fill) {
  button.addEventListener("click", () => {
    const dialog = document.createElement("dialog");
    dialog.className = "save";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    const heading = document.createElement("h2");
    heading.id = "dialog-title";
    heading.textContent = t(title);
    const form = document.createElement("form");
    form.append(heading);
    fill({ form, said: place("status"), problem: place("alert"), close: () => dialog.close(), done: () => { form.querySelector("[data-out]").textContent = t("page.close"); } });
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      button.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A control under its label. */
export function field(words, control) {
  const label = document.createElement("label");
  label.className = "field";
  label.append(t(words), control);
  return label;
}

/** The row of buttons: what the form does, and a way out. */
export function buttons(submit, cancel, close) {
  const row = document.createElement("p");
  row.className = "row";
  const out = button(cancel, "button");
  out.dataset.out = "";
  out.addEventListener("click", close);
  row.append(button(submit, "submit"), out);
  return row;
}

function button(words, type) {
  const made = document.createElement("button");
  made.type = type;
  made.textContent = t(words);
  made.classList.toggle("main", type === "submit");
  return made;
}

function place(role) {
  const made = document.createElement("p");
  made.setAttribute("role", role);
  return made;
}
