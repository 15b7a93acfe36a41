// What every page does: a switch of language keeps what the page shows, which lives in the URL's fragment.

for (const link of document.querySelectorAll("[data-keeps-fragment]")) {
  link.addEventListener("click", () => {
    const address = new URL(link.getAttribute("href"), location.href);
    link.href = `${address.pathname}${address.search}${location.hash}`;
  });
}
