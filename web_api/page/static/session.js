// Where the session of a server that asks for keys has ended while the page is open: the key is asked for again, over the page, which stays as it is.

import { announce } from "./announce.js";
import { ApiError, explained, post } from "./api.js";
import { t } from "./words.js";

/** What is told to the document once there is a session again: whoever lacked an answer asks once more. */
export const REOPENED = "bareme-session";
const UNAUTHORIZED = 401;
let isAsked = false;

/** Ask for the key; who closes the dialog is not asked again, but told with each thing that fails. */
export function askAgain() {
  if (isAsked) return;
  isAsked = true;
  const dialog = document.getElementById("session-over").content.firstElementChild.cloneNode(true);
  const key = dialog.querySelector("input");
  const problem = dialog.querySelector("[role=alert]");
  const before = document.activeElement;
  dialog.querySelector("[data-later]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      await post("v1/session", { key: key.value });
    } catch (error) {
      problem.textContent = error instanceof ApiError && error.status === UNAUTHORIZED ? t("page.key_wrong") : explained(error);
      key.setAttribute("aria-invalid", "true");
      key.select();
      return;
    }
    isAsked = false;
    dialog.close();
    announce(t("page.session_again"));
    document.dispatchEvent(new Event(REOPENED));
  });
  document.body.append(dialog);
  dialog.showModal();
  key.focus();
}
