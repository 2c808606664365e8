// How many alerts fire: asks every half minute, while somebody looks at the page, and shows the number
// beside "Alerts". It ends by itself ten minutes after the last key or click, since asking keeps the
// session alive. Without it the number is that of when the page was opened.
const EVERY = 30_000;
const AWAY = 600_000;

const place = document.querySelector("[data-firing]");
const count = place?.querySelector("[data-firing-count]");
let touched = Date.now();
for (const event of ["pointerdown", "keydown"]) {
  addEventListener(event, () => {
    touched = Date.now();
  });
}

/** Says it where screen readers hear of it, once. */
function say(text) {
  const said = document.createElement("p");
  said.className = "sr-only";
  said.setAttribute("role", "status");
  document.body.append(said);
  setTimeout(() => {
    said.textContent = text;
  }, 100);
}

async function look() {
  const answer = await fetch("/alerts/firing", { headers: { accept: "text/plain" } });
  const text = (await answer.text()).trim();
  if (!answer.ok || answer.redirected || !/^\d+$/.test(text)) {
    throw new Error(String(answer.status));
  }
  const before = Number(place.dataset.firing);
  const now = Number(text);
  if (now === before) {
    return;
  }
  place.dataset.firing = text;
  count.textContent = text;
  place.hidden = now === 0;
  if (now > before) {
    say(now === 1 ? "1 alert fires." : `${now} alerts fire.`);
  }
}

async function follow() {
  try {
    if (!document.hidden && Date.now() - touched < AWAY) {
      await look();
    }
    setTimeout(follow, EVERY);
  } catch {
    // The session is over, or the server away: the next page tells.
  }
}

if (place && count) {
  setTimeout(follow, EVERY);
}
