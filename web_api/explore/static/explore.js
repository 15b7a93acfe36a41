// Draws the history of a figure; without it, the table says the same.

import { draw } from "../page/charts.js";

for (const place of document.querySelectorAll("[data-chart]")) {
  const answer = await fetch(place.dataset.chart);
  if (answer.ok) await draw(place, await answer.json());
}
