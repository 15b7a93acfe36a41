// Calls of the API: JSON there and back; an error becomes an `ApiError` that holds what the API said.

export class ApiError extends Error {
  constructor(status, told) {
    super(told?.message ?? `HTTP ${status}`);
    this.status = status;
    this.problems = told?.problems ?? [];
  }
}

/** Call `path` (as `v1/households`) from the page's own folder; `options.signal` gives up. */
export async function call(method, path, body, options = {}) {
  const answer = await fetch(new URL(path, document.baseURI), {
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
