// Starts the page: the bar, then each panel's own module, then what the address holds.

import { explained } from "./api.js";
import { REOPENED } from "./session.js";
import { start as startTools } from "./tools.js";
import { again, restore } from "./state.js";
import { t } from "./words.js";

startTools();
await Promise.all([...document.querySelectorAll("[data-module]")].map(startPanel));
await Promise.all([...document.querySelectorAll("[data-action-module]")].map(startAction));
restore();
document.addEventListener(REOPENED, again);
showWhereOneIs();
document.documentElement.dataset.started = "";

/** Start a panel; one that fails says so and leaves the others alone. */
async function startPanel(root) {
  try {
    const module = await import(root.dataset.module);
    await module.start(root);
  } catch (error) {
    const told = document.createElement("p");
    told.className = "problem";
    told.textContent = t("page.panel_failed", { message: explained(error) });
    root.querySelector("h2").after(told);
    console.error(error);
  }
}

/** Start a button of the bar that a part answers for. */
async function startAction(button) {
  const module = await import(button.dataset.actionModule);
  module.start(button);
}

/** Mark the links of the panel that is in view. */
function showWhereOneIs() {
  const links = [...document.querySelectorAll(".panels a")];
  const sections = [...new Set(links.map(panelOf))];
  const inView = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) inView[entry.isIntersecting ? "add" : "delete"](entry.target);
    const first = sections.find((section) => inView.has(section));
    for (const link of links) panelOf(link) === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }, { rootMargin: "-20% 0px -60% 0px" });
  for (const section of sections) watch.observe(section);
  for (const link of links) link.addEventListener("click", goToPanel);
}

function panelOf(link) {
  return document.getElementById(link.getAttribute("href").slice(1));
}

/** Go to a panel without touching the fragment, which holds the amendment. */
function goToPanel(event) {
  event.preventDefault();
  const heading = panelOf(event.currentTarget).querySelector("h2");
  panelOf(event.currentTarget).scrollIntoView();
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
