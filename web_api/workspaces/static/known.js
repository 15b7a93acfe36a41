// The workspaces that this browser knows of: id and name, in its own storage, for the server has no list.

const KEY = "bareme.workspaces";

/** @returns {Array<{id: string, name: string}>} the one used last first */
export function known() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each?.id === "string") : [];
  } catch {
    return []; // storage that is closed or holds something else: nothing is known
  }
}

/** Note a workspace as the one used last. */
export function remember(id, name) {
  store([{ id, name }, ...known().filter((each) => each.id !== id)]);
}

/** Forget a workspace; the server keeps it. */
export function forget(id) {
  store(known().filter((each) => each.id !== id));
}

function store(workspaces) {
  try {
    localStorage.setItem(KEY, JSON.stringify(workspaces));
  } catch {
    // a browser that keeps nothing: the address of the workspace is still its key
  }
}
