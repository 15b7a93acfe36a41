// The amendment's text, drafted on the server from the figures that are changed; asked for only while it is open.

import { announce } from "../page/announce.js";
import { explained, isGivenUp, post } from "../page/api.js";
import { amendment, subscribe } from "../page/state.js";
import { t } from "../page/words.js";

const PATIENCE = 250;

/** Make the text answer: `law()` is the panel's element. */
export function startDraft(root, law) {
  const box = root.querySelector("details.draft");
  let timer;
  let asked = null;
  let text = "";
  const copy = box.querySelector("[data-copy]");

  async function show() {
    if (!box.open) return;
    asked?.abort();
    asked = new AbortController();
    if (text === "") box.querySelector("[data-draft]").textContent = t("law_text.drafting");
    try {
      const told = await post("v1/amendments/text", { ...amendment(), language: law().dataset.language }, { signal: asked.signal });
      text = told.text;
      if (text) box.querySelector("[data-draft]").innerHTML = told.html; // made and escaped by the server
      else box.querySelector("[data-draft]").textContent = t("law_text.nothing_changed");
    } catch (error) {
      if (isGivenUp(error)) return;
      text = "";
      box.querySelector("[data-draft]").textContent = explained(error);
    }
    copy.hidden = text === "";
  }

  box.addEventListener("toggle", show);
  subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(show, PATIENCE);
  });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    announce(t("law_text.copied"));
  });
}
