// Starts the page: the bar, then each panel's own module, then what the address holds.

import { ApiError } from "./api.js";
import { start as startTools } from "./tools.js";
import { restore } from "./state.js";
import { t } from "./words.js";

startTools();
await Promise.all([...document.querySelectorAll("[data-module]")].map(startPanel));
restore();
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
    told.textContent = t("page.panel_failed", { message: error instanceof ApiError ? error.message : String(error) });
    root.querySelector("h2").after(told);
    console.error(error);
  }
}

/** Mark the link of the panel that is in view. */
function showWhereOneIs() {
  const links = new Map([...document.querySelectorAll(".panels a")].map((link) => [link.getAttribute("href").slice(1), link]));
  const inView = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) inView[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const first = [...links.keys()].find((id) => inView.has(id));
    for (const [id, link] of links) id === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }, { rootMargin: "-20% 0px -60% 0px" });
  for (const [id, link] of links) {
    const section = document.getElementById(id);
    watch.observe(section);
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the fragment holds the amendment: it must stay
      section.scrollIntoView();
      section.querySelector("h2").tabIndex = -1;
      section.querySelector("h2").focus({ preventScroll: true });
    });
  }
}
