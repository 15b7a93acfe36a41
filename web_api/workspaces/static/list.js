// The page that lists the workspaces which this browser knows of.

import { explained, post } from "../page/api.js";
import { t } from "../page/words.js";
import { forget, known, remember } from "./known.js";

const list = document.getElementById("known");
const none = document.getElementById("none");

function show() {
  const workspaces = known();
  none.hidden = workspaces.length > 0;
  list.replaceChildren(...workspaces.map(line));
}

function line({ id, name }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(`workspaces/${encodeURIComponent(id)}`, address()).href;
  link.textContent = name;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = t("workspaces.forget");
  button.setAttribute("aria-label", `${t("workspaces.forget")} : ${name}`);
  button.addEventListener("click", () => {
    forget(id);
    show();
  });
  item.append(link, button);
  return item;
}

const address = () => new URL(document.documentElement.dataset.root, location.href);

document.getElementById("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value.trim();
  try {
    const made = await post(new URL("v1/workspaces", address()), { name, amendments: [] });
    remember(made.id, made.name);
    location.assign(new URL(`workspaces/${made.id}`, address()));
  } catch (error) {
    document.getElementById("problem").textContent = explained(error);
  }
});

show();
