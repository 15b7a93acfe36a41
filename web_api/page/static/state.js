// What the page shows, in one place: the year, the bill, the amendment's figures and the typical households.
// It lives in the URL's fragment, which no browser sends to a server; every change can be undone.

const FRAGMENT = "a";

/** @typedef {{year: number, bill: string|null, changes: Object, households: Array|null}} State */

/** @type {State} */
const nothing = Object.freeze({ year: 2022, bill: null, changes: {}, households: null });
/** @type {State} what the address says already holds while the modules start. */
let now = { ...nothing, ...ofAddress() };
let past = [];
let future = [];
const listeners = new Set();

export const state = () => now;

/** The amendment in the form of the API (`web_api/amendments.py`). */
export const amendment = () => ({ year: now.year, bill: now.bill, changes: now.changes });

/** Call `listener(state, previous)` after each change; returns what stops it. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Change some of the state: `update({changes: {...}})`. It can be undone. */
export function update(change) {
  past.push(now);
  future = [];
  replace({ ...now, ...change });
}

/** Set a figure or a scale (a list of brackets); `undefined` takes the change back. */
export function amend(path, value) {
  const changes = { ...now.changes };
  if (value === undefined) delete changes[path];
  else changes[path] = value;
  update({ changes });
}

export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

export function undo() {
  if (!canUndo()) return;
  future.push(now);
  replace(past.pop());
}

export function redo() {
  if (!canRedo()) return;
  past.push(now);
  replace(future.pop());
}

/** Back to the law in force (`null`), or to a bill. */
export const resetTo = (bill) => update({ bill, changes: {} });

/** The address that reopens this state. */
export const sharedUrl = () => `${location.origin}${location.pathname}${location.search}#${FRAGMENT}=${encoded(now)}`;

/** Tell the listeners what the address says; called once, when all have started. Another fragment typed into the address is a change like any other. */
export function restore() {
  if (ofAddress() !== null) tell(nothing);
  addEventListener("hashchange", () => {
    const found = ofAddress();
    if (found !== null && encoded({ ...nothing, ...found }) !== encoded(now)) update({ ...nothing, ...found });
  });
}

/** Tell the listeners all of it once more, where answers were lacking. */
export const again = () => tell({ year: null, bill: undefined, changes: null, households: undefined });

/** What the fragment holds, or null where it holds no state or one that cannot be read. */
function ofAddress() {
  const found = new URLSearchParams(location.hash.slice(1)).get(FRAGMENT);
  if (!found) return null;
  try {
    const { year, bill, changes, households } = decoded(found);
    const known = {};
    if (Number.isInteger(year)) known.year = year;
    if (typeof bill === "string") known.bill = bill;
    if (changes !== null && typeof changes === "object" && !Array.isArray(changes)) known.changes = changes;
    if (Array.isArray(households)) known.households = households;
    return known;
  } catch {
    return null;
  }
}

function replace(next) {
  const previous = now;
  now = next;
  history.replaceState(null, "", sharedUrl());
  tell(previous);
}

function tell(previous) {
  for (const listener of listeners) listener(now, previous);
}

function encoded(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
}
