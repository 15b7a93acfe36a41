// Calls of the API: JSON there and back. What goes wrong becomes an error whose message is in the page's language and may be shown: the API says it so
// (`Accept-Language`), and what no API said (no answer, another program's error) is said here.

import { colon, has, language, t } from "./words.js";

const UNAUTHORIZED = 401;
const OPENING = "v1/session";

/** What the API refused: its status, its words, and each problem's place and words. A session that has ended is told in the page's own words. */
export class ApiError extends Error {
  constructor(status, told) {
    super(status === UNAUTHORIZED ? t("page.session_over") : told?.message ?? t(has(`page.status_${status}`) ? `page.status_${status}` : "page.status", { status }));
    this.status = status;
    this.problems = told?.problems ?? [];
  }

  /** All that is wrong, in sentences. */
  get explained() {
    return [this.message, ...this.problems.map((each) => (each.path ? `${each.path}${colon}${each.message}` : each.message))].join(" ");
  }
}

/** The server cannot be reached, or broke off. */
export class NoAnswerError extends Error {
  constructor() {
    super(t("page.no_answer"));
  }

  get explained() {
    return this.message;
  }
}

/** Whether somebody gave up what was asked: nothing to tell. */
export const isGivenUp = (error) => error.name === "AbortError";

/** What went wrong, in sentences, whatever it was. */
export const explained = (error) => error.explained ?? error.message;

/** The address of `path` (as `v1/households`) on the server, wherever the page lies. */
export const address = (path) => new URL(path, new URL(document.documentElement.dataset.root ?? "./", document.baseURI));

/** The answer to `path`, of any type. Throws ApiError, NoAnswerError, and what `options.signal` gives up. */
export async function fetched(path, options = {}) {
  const answer = await reached(path, options);
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null); // another program than ours, as a proxy, may answer
  if (answer.status === UNAUTHORIZED && path !== OPENING) (await import("./session.js")).askAgain();
  throw new ApiError(answer.status, told?.error);
}

async function reached(path, options) {
  try {
    return await fetch(address(path), { ...options, headers: { ...options.headers, "Accept-Language": language } });
  } catch (error) {
    throw isGivenUp(error) ? error : new NoAnswerError();
  }
}

/** Call `path`; `options.signal` gives up. */
export async function call(method, path, body, options = {}) {
  const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetched(path, { method, ...sent, ...options });
  return answer.status === 204 ? null : read(answer);
}

async function read(answer) {
  try {
    return await answer.json();
  } catch (error) {
    throw isGivenUp(error) ? error : new NoAnswerError();
  }
}

export const post = (path, body, options) => call("POST", path, body, options);
export const get = (path, options) => call("GET", path, undefined, options);
