// The bar above the panels: year, bill, undo and redo, reset, share.

import { announce } from "./announce.js";
import { start as startRebasing, startFrom } from "./rebase.js";
import { canRedo, canUndo, redo, resetTo, sharedUrl, state, subscribe, undo } from "./state.js";
import { t } from "./words.js";

const of = (id) => document.getElementById(id);

/** Make the bar answer, and keep it in step with the state. */
export function start() {
  of("tools").addEventListener("submit", (event) => event.preventDefault());
  of("year").addEventListener("change", (event) => startFrom({ year: Number(event.target.value) }).then(show)); // what was chosen may have been refused
  of("bill").addEventListener("change", (event) => startFrom({ bill: event.target.value || null }).then(show));
  on("undo", undo, "page.undone");
  on("redo", redo, "page.redone");
  on("reset-to-law", () => resetTo(null), "page.was_reset");
  on("reset-to-bill", () => resetTo(state().bill), "page.was_reset");
  of("share").addEventListener("click", share);
  subscribe(show);
  startRebasing();
  new ResizeObserver(measure).observe(of("tools"));
  show();
}

/** Tell the style sheets how high the bar is: what sticks below it, and what has the focus, shall not be hidden by it. */
function measure() {
  document.documentElement.style.setProperty("--bar", `${of("tools").offsetHeight}px`);
}

function on(id, act, told) {
  of(id).addEventListener("click", () => {
    act();
    announce(t(told));
  });
}

function show() {
  const { year, bill, changes } = state();
  const isAmended = Object.keys(changes).length > 0;
  of("year").value = String(year);
  of("bill").value = bill ?? "";
  of("bill").title = of("bill").selectedOptions[0]?.textContent ?? "";
  enable("undo", canUndo());
  enable("redo", canRedo());
  enable("reset-to-law", isAmended || bill !== null);
  of("reset-to-bill").hidden = bill === null;
  enable("reset-to-bill", isAmended);
  of("printed-of").textContent = ["year", "bill"].map((id) => of(id).selectedOptions[0]?.textContent.trim() ?? "").join(" · ");
  if (!of("shared").hidden) of("shared-address").value = sharedUrl();
}

/** A button that has just been used keeps the focus: disabled it would lose it, so that the next key would start from the top of the page. */
function enable(id, isPossible) {
  const button = of(id);
  const hadFocus = document.activeElement === button;
  button.disabled = !isPossible;
  if (hadFocus && !isPossible) of("year").focus();
}

async function share() {
  const address = sharedUrl();
  of("shared").hidden = false;
  of("shared-address").value = address;
  try {
    await navigator.clipboard.writeText(address);
    announce(t("page.copied"));
  } catch {
    of("shared-address").select();
    announce(t("page.copy_it"));
  }
}
