// What the page shows, in one place: the year, the bill, the amendment's figures and the typical households.
// It lives in the URL's fragment, which no browser sends to a server; every change can be undone.

const FRAGMENT = "a";

/** @typedef {{year: number, bill: string|null, changes: Object, households: Array|null}} State */

/** @type {State} */
let now = { year: 2022, bill: null, changes: {}, households: null };
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

/** Read the state of the address; called once at start. */
export function restore() {
  const found = new URLSearchParams(location.hash.slice(1)).get(FRAGMENT);
  if (!found) return;
  const previous = now;
  now = { ...now, ...decoded(found) };
  tell(previous);
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
