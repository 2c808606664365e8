// The audit log, its proofs and the ledger: the pages, in every state.
import { asking } from "./console.mjs";

/** Makes an export and waits until its file can be had. */
export async function exportLog(page, origin, format = "JSON Lines") {
  await page.goto(`${origin}/audit/exports?result=success`);
  await page.getByText(format, { exact: true }).click();
  await asking(page);
  await page.getByRole("button", { name: "Make export" }).click();
  // The form is at this address too, with the search to export behind it.
  await page.waitForURL((url) => url.pathname === "/audit/exports" && url.search === "");
}

/** The page of the newest event of which the log knows the place already. */
export async function openEvent(page, origin, search = "?action=api_key") {
  await page.goto(`${origin}/audit${search}`);
  await page.locator(".event-details summary").first().click();
  await page.getByRole("link", { name: "Open this event" }).first().click();
  await page.waitForURL(/\/audit\/evt_/);
}

/** Has the browser check the event on whose page it is. */
export async function verifyHere(page) {
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.locator("#verify [data-verdict][data-state]").waitFor();
}

/** Changes what the page is answered when it asks for the proof, from now on. */
export async function answerProof(page, change) {
  await page.route(/\/proof(\?|$)/, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    change(body);
    await route.fulfill({ response: answer, json: body });
  });
}

/** Another value in what was hashed, as somebody would write it who has the database. */
export function forge(body) {
  const text = JSON.stringify(body.bundle);
  body.bundle = JSON.parse(text.replaceAll("api_key.created", "api_key.revoked"));
}

export async function addLog({ add, at }, server, member) {
  const { origin } = server;
  await saveSearch(member, origin, "Refused by anybody", "?result=denied&from=2026-01-01");
  add("audit-live", at("/audit?live=1"));
  add("audit-more", async (page) => {
    await at("/audit?kind=user&zone=Europe%2FAmsterdam")();
  });
  add("audit-opened", async (page) => {
    await at("/audit")();
    await page.locator(".event-details summary").first().click();
  });
  add("audit-event", (page) => openEvent(page, origin));
  add("audit-event-verified", async (page) => {
    await openEvent(page, origin);
    await verifyHere(page);
  });
  add("audit-event-forged", async (page) => {
    await openEvent(page, origin);
    await answerProof(page, forge);
    await verifyHere(page);
    await page.unroute(/\/proof(\?|$)/);
  });
  add("audit-event-unknown", at(`/audit/evt_${"0".repeat(26)}`));
  add("audit-searches", at("/audit/searches"));
  add("audit-search-new", at("/audit/searches?action=api_key&result=success&kind=user&from=2026-01-01T00%3A00"));
  add("audit-search-refused", async (page) => {
    await at("/audit/searches?action=api_key")();
    await page.getByLabel("Name", { exact: true }).fill(" ");
    await page.getByRole("button", { name: "Save search" }).click();
    await page.locator("#name-error, [role=alert]").first().waitFor();
  });
  add("audit-exports-none", at("/staff/audit/exports"));
  await exportLog(member, origin);
  add("audit-exports", at("/audit/exports?action=api_key&result=success"));
  add("audit-exports-states", async (page) => {
    await server.sql(exportsOfEachState());
    await at("/audit/exports")(page);
  });
  add("staff-audit", at("/staff/audit"));
  add("staff-audit-filtered", at("/staff/audit?action=api_key&organisation=installation"));
  add("staff-audit-none", at("/staff/audit?action=nothing.such"));
  add("staff-audit-words", at("/staff/audit?q=passkey"));
  add("staff-audit-address", at("/staff/audit?address=203.0.113.9"));
  add("staff-audit-event", async (page) => {
    await at("/staff/audit?action=api_key")();
    await page.locator(".event-details summary").first().click();
    await page.getByRole("link", { name: "Open this event" }).first().click();
    await page.waitForURL(/\/staff\/audit\/evt_/);
  });
  add("staff-audit-searches", at("/staff/audit/searches?action=api_key"));
}

async function saveSearch(page, origin, name, search) {
  await page.goto(`${origin}/audit/searches${search}`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Save search" }).click();
  await page.waitForURL((url) => url.pathname === "/audit" || !url.search.includes("denied"));
}

/** Beside an export that is there, one that another server is making, and one that could not be made. */
function exportsOfEachState() {
  const columns = "scope, user_id, format, query, tree_size, checkpoint, created_at, expires_at";
  const another = (last, rest, values) =>
    `INSERT OR IGNORE INTO audit_exports (id, ${columns}, ${rest})
     SELECT 'exp_' || substr('7zzzzzzzzzzzzzzzzzzzzzzzzz', 1, 25) || '${last}', ${columns}, ${values}
     FROM audit_exports WHERE bytes IS NOT NULL LIMIT 1;`;
  const problem =
    "What was exported has changed since: personal data was erased or events were retired. Ask for another.";
  return (
    another("1", "claimed_until", `${Date.now() + 86_400_000}`) +
    another("2", "problem", `'${problem}'`)
  );
}
