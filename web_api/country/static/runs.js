// Asks the server for a run over the country and follows it to its end, through lost connections and servers that were killed.
// The amendment stays here: a server that does not know the run any more is simply asked again.

import { ApiError, NoAnswerError, address, call, get, post } from "../page/api.js";
import { t } from "../page/words.js";

const GONE = 410;
const BUSY = 503;
const PAUSE = 1500;
const MOST_ATTEMPTS = 40;
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** The result of an amendment where the server has it already, else null; nothing is calculated. */
export async function known(amendment) {
  return (await post("v1/impacts/known", amendment))?.result ?? null;
}

/**
 * The result of an amendment. `told` is called with {step, words, fraction, ahead} as it goes, {isLost: true} while the server does not answer and
 * {isRestarted: true} where it starts again; `signal` withdraws what was asked. Throws ApiError for what does not fit the law.
 */
export async function run(amendment, { signal, told }) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await posted(amendment, { signal, told, attempt });
    if (answer?.result) return answer.result;
    if (answer) {
      const end = await followed(answer.id, { signal, told });
      if (end.result) return end.result;
      if (end.state === "failed") throw new Error(await reason(end));
      told({ isRestarted: true });
    }
    if (attempt === MOST_ATTEMPTS) throw new NoAnswerError();
    await wait(PAUSE);
    signal.throwIfAborted();
  }
}

/** Why a run failed, in the page's language, which a stream of events does not know. */
async function reason(end) {
  const told = await get(`v1/impacts/${end.id}`).catch(() => end);
  return told.message ?? t("country.gave_up");
}

/** Ask; null where the server cannot be reached or is busy, and one should ask again. */
async function posted(amendment, { signal, told, attempt }) {
  try {
    return await post("v1/impacts", amendment, { signal });
  } catch (error) {
    if (error.name === "AbortError" || attempt === MOST_ATTEMPTS) throw error;
    if (error instanceof ApiError && error.status !== BUSY) throw error;
    told({ isLost: true });
    return null;
  }
}

/** Follow a run to its end: {state, result, message}; `unknown` where the server has forgotten it. */
async function followed(id, { signal, told }) {
  const end = await ended(id, { signal, told });
  if (end.state !== "done") return end;
  try {
    return await get(`v1/impacts/${id}`, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error instanceof ApiError && error.status !== GONE && error.status !== BUSY) throw error;
    return { state: "unknown" };
  }
}

function ended(id, { signal, told }) {
  return new Promise((resolve, reject) => {
    const stream = new EventSource(address(`v1/impacts/${id}/events`));
    const finish = (how, value) => {
      stream.close();
      signal.removeEventListener("abort", withdraw);
      how(value);
    };
    const withdraw = () => {
      call("DELETE", `v1/impacts/${id}`, undefined, { keepalive: true }).catch(() => {});
      finish(reject, signal.reason);
    };
    const data = (event) => JSON.parse(event.data);
    stream.addEventListener("progress", (event) => told(data(event).progress));
    stream.addEventListener("restarted", () => told({ isRestarted: true }));
    for (const name of ["done", "failed", "unknown", "cancelled"]) stream.addEventListener(name, (event) => finish(resolve, data(event)));
    stream.addEventListener("error", () => {
      told({ isLost: true });
      if (stream.readyState === EventSource.CLOSED) finish(resolve, { state: "unknown" }); // the browser will not try again by itself
    });
    signal.addEventListener("abort", withdraw);
    if (signal.aborted) withdraw();
  });
}
