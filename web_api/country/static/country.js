// The country's panel: asks for a run, shows how far it is, and what comes out. What is shown is greyed as soon as the amendment is another one.

import { amendment, state, subscribe } from "../page/state.js";
import { language, t } from "../page/words.js";
import { explained } from "../page/api.js";
import { show } from "./results.js";
import { known, run } from "./runs.js";

const WAIT_BEFORE_RUNNING = 600;

let places;
/** The run under way: its key and what gives it up; null where none is. */
let current = null;
/** The key of what is shown, null where nothing is. */
let shown = null;
let timer;

/** Make the panel answer. */
export function start(root) {
  const of = (id) => root.querySelector(`#country-${id}`);
  places = { run: of("run"), cancel: of("cancel"), auto: of("auto"), progress: of("progress"), bar: of("bar"), step: of("step"), status: of("status"), results: of("results") };
  places.run.addEventListener("click", calculate);
  places.cancel.addEventListener("click", () => current?.control.abort());
  places.auto.addEventListener("change", follow);
  subscribe((now, before) => {
    if (now.year !== before.year || now.bill !== before.bill || now.changes !== before.changes) follow();
  });
  follow();
}

const key = () => JSON.stringify(amendment());
const isEmpty = () => Object.keys(state().changes).length === 0 && state().bill === null;

/** The amendment has changed: say what is stale, and calculate where that is wanted or costs nothing. */
function follow() {
  clearTimeout(timer);
  if (current !== null && current.key !== key()) current.control.abort();
  places.run.disabled = isEmpty() || current?.key === key();
  const isStale = shown !== null && shown !== key();
  places.results.classList.toggle("stale", isStale);
  places.results.hidden = shown === null || (isStale && isEmpty());
  if (isEmpty()) return say("country.nothing_changed");
  if (shown === key()) return say("country.up_to_date");
  if (current?.key === key()) return undefined;
  say(isStale ? "country.stale" : "country.ready");
  if (places.auto.checked) timer = setTimeout(calculate, WAIT_BEFORE_RUNNING);
  else timer = setTimeout(showIfKnown, WAIT_BEFORE_RUNNING);
  return undefined;
}

async function showIfKnown() {
  const asked = key();
  try {
    const found = await known(amendment());
    if (found !== null && asked === key() && current === null) accept(asked, found);
  } catch { /* whoever presses the button is told */ }
}

async function calculate() {
  clearTimeout(timer);
  if (isEmpty() || current !== null) return;
  const asked = { key: key(), control: new AbortController() };
  current = asked;
  showProgress({ fraction: 0 });
  says("");
  try {
    const found = await run(amendment(), { signal: asked.control.signal, told });
    end();
    if (asked.key === key()) accept(asked.key, found);
    else follow();
  } catch (error) {
    end();
    if (error.name === "AbortError") asked.key === key() ? say("country.cancelled") : follow();
    else failed(error);
  }
}

function end() {
  const hadFocus = document.activeElement === places.cancel;
  current = null;
  places.progress.hidden = true;
  places.cancel.hidden = true;
  places.run.disabled = isEmpty();
  if (hadFocus) places.run.focus();
}

/** Called with each thing that is told of the run. */
function told(news) {
  if (news.isLost) return say("country.lost");
  if (news.isRestarted) return say("country.restarted");
  if (places.status.dataset.said === "country.lost") say("country.found_again");
  return showProgress(news);
}

function showProgress({ fraction, words, ahead = 0 }) {
  places.progress.hidden = false;
  places.cancel.hidden = false;
  places.run.disabled = true;
  if (fraction > 0) places.bar.value = fraction;
  else places.bar.removeAttribute("value"); // nobody knows yet how far it is
  const doing = words?.[language] ?? t("country.asking");
  places.step.textContent = ahead > 0 ? t("country.ahead", { count: ahead }) : t("country.doing", { doing, percent: Math.round(fraction * 100) });
}

function accept(asked, found) {
  shown = asked;
  places.results.hidden = false;
  places.results.classList.remove("stale");
  places.run.disabled = false;
  const headline = document.createElement("span");
  headline.className = "hidden-visually"; // it stands below, for who sees it
  headline.textContent = show(places.results, found);
  say("country.finished");
  places.status.append(" ", headline);
}

function failed(error) {
  says(t("country.failed", { message: explained(error) }));
}

const say = (word) => says(t(word), word);

function says(text, word = "") {
  places.status.dataset.said = word;
  places.status.textContent = text;
}
