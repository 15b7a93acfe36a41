// The page of a server that asks for keys: a key that is typed opens a session, and the page that was wanted is opened again, with its fragment.

import { ApiError, explained, post } from "./api.js";
import { t } from "./words.js";

const UNAUTHORIZED = 401;
const key = document.getElementById("key");
const told = document.getElementById("key-told");

document.getElementById("key-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = "";
  try {
    await post("v1/session", { key: key.value });
    location.reload();
  } catch (error) {
    told.textContent = error instanceof ApiError && error.status === UNAUTHORIZED ? t("page.key_wrong") : explained(error);
    key.setAttribute("aria-invalid", "true");
    key.focus();
    key.select();
  }
});
