// Follows the audit log: asks for the page again every few seconds, while somebody looks at it, and
// shows what is new. It ends by itself ten minutes after the last key or click, since asking keeps
// the session alive. Without it, "Refresh" does the same by hand.
const EVERY = 5_000;
const AWAY = 600_000;

const place = document.querySelector("[data-live]");
const said = place?.querySelector("[data-live-said]");
const rows = document.getElementById("audit-rows");
let touched = Date.now();
for (const event of ["pointerdown", "keydown"]) {
  addEventListener(event, () => {
    touched = Date.now();
  });
}

/** The address of an event stands in its row; what was opened stays open. */
const events = (within) => [...within.querySelectorAll(".event-facts a[href]")].map((link) => link.getAttribute("href"));

async function look() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    throw new Error(String(answer.status));
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("audit-rows");
  if (!fresh) {
    throw new Error("no rows");
  }
  const known = new Set(events(rows));
  const count = events(fresh).filter((address) => /evt_/.test(address) && !known.has(address)).length;
  if (count === 0) {
    return;
  }
  // Nobody is to lose the place where they read.
  if (rows.querySelector("details[open]") || rows.contains(document.activeElement)) {
    said.textContent = `${count} new. Choose Refresh to see them.`;
    return;
  }
  rows.replaceChildren(...fresh.childNodes);
  said.textContent = count === 1 ? "Following the log: 1 new event." : `Following the log: ${count} new events.`;
}

async function follow() {
  if (Date.now() - touched > AWAY) {
    said.textContent = "Paused after ten minutes. Choose Refresh to go on.";
    return;
  }
  try {
    if (!document.hidden) {
      await look();
    }
    setTimeout(follow, EVERY);
  } catch {
    said.textContent = "The log cannot be followed at the moment. Choose Refresh to try again.";
  }
}

if (place && said && rows) {
  setTimeout(follow, EVERY);
}
