// The page on a population that is still being measured: it is opened again once the figures are there.

const PAUSE = 2000;
const wait = () => new Promise((resolve) => { setTimeout(resolve, PAUSE); });

let isMeasuring = true;
while (isMeasuring) {
  await wait();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  isMeasuring = page.getElementById("being-measured") !== null;
}
location.reload();
