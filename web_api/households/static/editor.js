// The editor of a household: a form in a dialog whose fields are named as those of the API's model. What is at its default is left out,
// so that the page's address stays short.

import { explained, get, post } from "../page/api.js";
import { state } from "../page/state.js";
import { t } from "../page/words.js";
import { open } from "./dialogs.js";

const BREATH = 150;
const BOUNDS = { adults: [1, 2], children: [0, 9] };
const COUPLES = ["marie", "pacse", "union_libre"];
const [STUDENT_FROM, MAJORITY] = [21, 18];

let dialog, form, models, waiting, per;

/** Open the editor on a household; `save(changed)` is called with what was described. */
export function openEditor(household, data, save) {
  dialog = document.getElementById("household-editor");
  form = dialog.querySelector("form");
  models = data;
  write({ ...data.household, ...household });
  form.onsubmit = (event) => submit(event, household, save);
  form.oninput = (event) => changed(event.target);
  form.onclick = (event) => step(event.target.closest("[data-step]"));
  dialog.querySelector("[data-problem]").hidden = true;
  open(dialog);
}

// From the household to the form

function write(household) {
  for (const field of fields(form)) if (!["commune", "per"].includes(field.name)) put(field, household[field.name]);
  per = household.per;
  form.per.value = per;
  form.commune.value = models.communes[household.commune] ? `${models.communes[household.commune]} (${household.commune})` : household.commune;
  for (const kind of Object.keys(BOUNDS)) {
    people(kind).replaceChildren();
    for (const one of household[kind]) addPerson(kind, one);
  }
  follow();
}

function addPerson(kind, one) {
  const made = document.getElementById(`household-${kind}`).content.cloneNode(true).firstElementChild;
  for (const field of fields(made)) put(field, { ...models[kind === "adults" ? "adult" : "child"], ...one }[field.name]);
  people(kind).append(made);
}

function put(field, value) {
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = value ?? "";
}

const people = (kind) => form.querySelector(`[data-people="${kind}"]`);

/** The fields of a form's own, or of a person. */
const fields = (root) => [...root.querySelectorAll("input[name], select[name]")].filter((field) => root !== form || !field.closest("[data-people]"));

// While one edits

function step(button) {
  if (!button) return;
  const kind = button.dataset.of;
  if (Number(button.dataset.step) > 0) addPerson(kind, {});
  else people(kind).lastElementChild.remove();
  follow();
  if (button.disabled) form.querySelector(`[data-of="${kind}"]:not(:disabled)`).focus();
}

function changed(field) {
  if (field.name === "per") share(field.value);
  if (field.name === "commune") find(field);
  follow();
}

/** Bring what belongs together in line: counts, the statuses of one or two adults, what is said of who lives alone, the ages of children. */
function follow() {
  for (const [kind, [least, most]] of Object.entries(BOUNDS)) {
    const count = people(kind).children.length;
    form.querySelector(`[data-count="${kind}"]`).textContent = count;
    form.querySelector(`[data-of="${kind}"][data-step="-1"]`).disabled = count <= least;
    form.querySelector(`[data-of="${kind}"][data-step="1"]`).disabled = count >= most;
    [...people(kind).children].forEach((each, place) => {
      each.querySelector("legend").textContent = t(kind === "adults" ? "households.adult" : "households.child", { number: place + 1 });
    });
  }
  const couple = people("adults").children.length > 1;
  const alone = !couple && people("children").children.length > 0;
  for (const option of form.status.options) option.hidden = option.disabled = COUPLES.includes(option.value) !== couple;
  if (form.status.selectedOptions[0]?.disabled ?? true) form.status.value = couple ? "marie" : "celibataire";
  only(form.lone_parent, alone);
  only(form.raised_child_alone, !couple);
  for (const child of people("children").children) check(child);
}

function only(field, applies) {
  field.disabled = !applies;
  if (!applies) field.checked = false;
}

function check(child) {
  const field = (name) => child.querySelector(`[name="${name}"]`);
  const age = field("age").valueAsNumber;
  const wrong = age >= STUDENT_FROM && !field("student").checked && !field("disabled").checked ? "too_old" : age >= MAJORITY && field("shared_custody").checked ? "custody_of_minors" : null;
  field("age").setCustomValidity(wrong ? t(`households.${wrong}`) : "");
}

/** Amounts by month become amounts by year, and back. */
function share(wanted) {
  if (wanted === per) return;
  for (const field of form.querySelectorAll("[data-amount]")) {
    if (field.value) field.value = Math.round(field.valueAsNumber * (wanted === "year" ? 12 : 1 / 12) * 100) / 100;
  }
  per = wanted;
}

const CODE = /\(?\b([0-9][0-9AB][0-9]{3})\)?\s*$/i;
const codeOf = (text) => CODE.exec(text)?.[1].toUpperCase();

function find(field) {
  field.setCustomValidity("");
  clearTimeout(waiting);
  if (codeOf(field.value)) return;
  waiting = setTimeout(async () => {
    const found = await get(`v1/communes?q=${encodeURIComponent(field.value)}`).catch(() => ({ communes: [] }));
    document.getElementById("household-communes").replaceChildren(...found.communes.map(option));
  }, BREATH);
}

function option(one) {
  models.communes[one.code] = one.name;
  return Object.assign(document.createElement("option"), { value: `${one.name} (${one.code})` });
}

// From the form to the household

async function submit(event, before, save) {
  event.preventDefault();
  form.commune.setCustomValidity(codeOf(form.commune.value) ? "" : t("households.commune_wrong"));
  if (!form.reportValidity()) return;
  const household = read(before);
  const problem = dialog.querySelector("[data-problem]");
  try {
    await post("v1/households", { year: state().year, households: [household] });
    dialog.close();
    save(household);
  } catch (error) {
    problem.textContent = explained(error);
    problem.hidden = false;
    problem.scrollIntoView();
  }
}

function read(before) {
  const household = { ...taken(form, models.household), per: form.per.value, commune: codeOf(form.commune.value) };
  for (const kind of Object.keys(BOUNDS)) household[kind] = [...people(kind).children].map((each) => taken(each, models[kind === "adults" ? "adult" : "child"]));
  if (household.per === models.household.per) delete household.per;
  if (!household.children.length) delete household.children;
  if (before.note && before.name === household.name) household.note = before.note;
  return household;
}

/** The fields that differ from their defaults, by name. */
function taken(root, defaults) {
  const found = {};
  for (const field of fields(root)) {
    if (["per", "commune"].includes(field.name)) continue;
    const value = field.type === "checkbox" ? field.checked : field.type === "number" ? number(field) : field.value;
    if (value !== defaults[field.name]) found[field.name] = value;
  }
  return found;
}

const number = (field) => (field.value === "" ? ("empty" in field.dataset ? null : 0) : field.valueAsNumber);
