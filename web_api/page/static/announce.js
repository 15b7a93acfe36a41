// A sentence for everybody, readers of a screen included: what a button has just done.

const SHOWN_FOR = 6000;
let timer;

/** Say `text` in the page's status line for some seconds. */
export function announce(text) {
  const place = document.getElementById("told");
  if (!place) return;
  clearTimeout(timer);
  place.textContent = text;
  timer = setTimeout(() => { place.textContent = ""; }, SHOWN_FOR);
}
