// Calls of the API: JSON there and back; an error becomes an `ApiError` that holds what the API said.

export class ApiError extends Error {
  constructor(status, told) {
    super(told?.message ?? `HTTP ${status}`);
    this.status = status;
    this.problems = told?.problems ?? [];
  }
}

/** The address of `path` (as `v1/households`) on the server, wherever the page lies. */
export const address = (path) => new URL(path, new URL(document.documentElement.dataset.root ?? "./", document.baseURI));

/** Call `path`; `options.signal` gives up. */
export async function call(method, path, body, options = {}) {
  const answer = await fetch(address(path), {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    ...options,
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new ApiError(answer.status, told?.error);
  return told;
}

export const post = (path, body, options) => call("POST", path, body, options);
export const get = (path, options) => call("GET", path, undefined, options);
