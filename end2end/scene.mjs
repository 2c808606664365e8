// A server in which something has happened, and the pages that there are to see in it.
import { client } from "./api.mjs";
import { addAuthenticator, openPage } from "./browser.mjs";
import { createKey, setUp } from "./console.mjs";
import { passport, withOneWrongDigit, yearsFromToday } from "./document.mjs";
import { consent, give } from "./hosted.mjs";
import { startServer } from "./server.mjs";

const adult = { surname: "ERIKSSON", given: "ANNA MARIA", number: "L898902C3", birth: "1987-08-12" };

/** `pages` are `{name, visit(page)}`; each one can be visited again and again. */
export async function makeScene(browser) {
  const server = await startServer();
  // A second one, whose set-up link nobody uses.
  const fresh = await startServer();
  const page = await openPage(browser);
  await addAuthenticator(page);
  const at = (path) => (visitor) => visitor.goto(server.origin + path);
  const pages = [];
  const add = (name, visit, signedIn = true) => pages.push({ name, visit, signedIn });

  await setUp(page, server.setupLink);
  await createKey(page, "Checkout");
  const key = await createKey(page, "Point of sale");
  const api = client(server.origin, key);
  const start = async (body) => (await api.start(body)).body;

  const decided = await start({ minimumAge: 18, reference: "order-4711" });
  await api.complete(decided.verificationId, { mrz: passport(adult) });
  const young = await start({ minimumAge: 18 });
  await api.complete(young.verificationId, { mrz: passport({ ...adult, birth: yearsFromToday(-15) }) });
  const asked = await start({ minimumAge: 18 });
  const wrong = await start();
  const finished = await start({ minimumAge: 18 });
  const declined = await start();

  add("overview", at("/"));
  add("overview-table", at("/?view=table#by-day"));
  add("overview-day", async (visitor) => {
    await at("/")(visitor);
    await visitor.locator(".chart-day").last().focus();
  });
  add("verifications", at("/verifications"));
  add("verifications-filtered", at("/verifications?status=approved&environment=test&reference=order-4711&from=2020-01-01"));
  add("verifications-none", at("/verifications?status=submitted"));
  add("verifications-refused", at("/verifications?status=lost&key=key_1&from=2026-02-30&to=soon"));
  add("verification", at(`/verifications/${decided.verificationId}`));
  add("keys", at("/keys"));
  add("keys-create", async (visitor) => {
    await at("/keys")(visitor);
    await visitor.getByRole("button", { name: "Create API key" }).first().click();
  });
  add("keys-revoke", async (visitor) => {
    await at("/keys")(visitor);
    await visitor.getByRole("link", { name: "Revoke Checkout" }).click();
    await visitor.getByRole("button", { name: "Revoke API key" }).waitFor();
  });
  add("keys-secret", (visitor) => createKey(visitor, "Shown once"));
  add("audit", at("/audit"));
  add("audit-filtered", at("/audit?action=api_key&from=2020-01-01"));
  add("audit-none", at("/audit?action=nothing.such"));
  add("settings", at("/settings"));
  add("organisation-new", at("/organisations/new"));
  add("jobs", at("/staff/jobs"));
  add("backups", at("/staff/backups"));
  add("not-found", at("/nowhere"));
  add("sign-in", at("/sign-in"), false);
  add("setup", (visitor) => visitor.goto(fresh.setupLink), false);
  add("setup-used", at(new URL(server.setupLink).pathname), false);
  add("hosted-consent", (visitor) => visitor.goto(asked.sessionUrl), false);
  add("hosted-lines", atLines(wrong, false), false);
  add("hosted-problem", atLines(wrong, true), false);
  add("hosted-approved", atLines(finished, "finish"), false);
  add("hosted-declined", async (visitor) => {
    await visitor.goto(declined.sessionUrl);
    const button = visitor.getByRole("button", { name: "Decline" });
    if (await button.count()) await button.click();
    await visitor.getByRole("heading", { level: 1, name: /ended|used/ }).waitFor();
  }, false);
  add("hosted-unknown", at(`/v/${"0".repeat(43)}`), false);
  return { server, page, pages, stop: () => Promise.all([server.stop(), fresh.stop()]) };
}

/** The lines' page of a verification: fresh, with a problem, or sent. */
function atLines({ sessionUrl }, end) {
  return async (visitor) => {
    await visitor.goto(sessionUrl);
    if (await visitor.getByRole("button", { name: "Agree and continue" }).count()) {
      await consent(visitor, sessionUrl);
    }
    const waiting = await visitor.getByRole("button", { name: "Check document" }).count();
    if (end && waiting) await give(visitor, end === "finish" ? passport(adult) : withOneWrongDigit(passport(adult)));
  };
}
