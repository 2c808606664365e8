// Servers in which something has happened, and the pages that there are to see in them: `busy`
// has ninety invented days, `small` a handful of verifications, `empty` its first person only,
// `begun` a key beside, and backups that fail; who is in `narrow` may do little.
import { client } from "./api.mjs";
import { addAuthenticator, openPage } from "./browser.mjs";
import { asking, createKey, enrol, setUp } from "./console.mjs";
import { passport, withOneWrongDigit, yearsFromToday } from "./document.mjs";
import { consent, give } from "./hosted.mjs";
import { backupsFailed, busyLife, supportLife } from "./past.mjs";
import { startServer } from "./server.mjs";

const adult = { surname: "ERIKSSON", given: "ANNA MARIA", number: "L898902C3", birth: "1987-08-12" };

/**
 * `pages` are `{name, visit(), page}`: what can be visited again and again, and in which tab it
 * then is. `member` and `visitor` are tabs of the small server: signed in, and not.
 */
export async function makeScene(browser) {
  const pasts = [undefined, undefined, undefined, backupsFailed, busyLife, supportLife];
  const servers = await Promise.all(pasts.map((prepare) => startServer({ prepare })));
  const [small, fresh, empty, begun, busy, narrow] = servers;
  const tab = async () => {
    const page = await openPage(browser);
    await addAuthenticator(page);
    return page;
  };
  const visitor = await openPage(browser);
  const [member, newcomer, beginner, owner, support] = await Promise.all(servers.slice(1).map(tab));
  await setUp(member, small.setupLink);
  await setUp(newcomer, empty.setupLink);
  await setUp(beginner, begun.setupLink);
  await enrol(owner, busy.setupLink);
  await enrol(support, narrow.setupLink);

  const pages = [];
  const on = (page, server) => ({
    add: (name, visit) => pages.push({ name, page, visit: () => visit(page) }),
    at: (path) => () => page.goto(server.origin + path),
  });
  const scene = { server: small, member, visitor, pages, stop: () => Promise.all(servers.map((one) => one.stop())) };
  addEmpty(on(newcomer, empty));
  await addBegun(on(beginner, begun), beginner);
  addBusy(on(owner, busy));
  addNarrow(on(support, narrow));
  await addSmall(on(member, small), small, member);
  await addVisitor(on(visitor, small), small, fresh, member);
  return scene;
}

/** Nothing has happened yet. */
function addEmpty({ add, at }) {
  add("empty-overview", at("/"));
  add("empty-verifications", at("/verifications"));
  add("empty-keys", at("/keys"));
}

/** The first step is done; and an operator has work. */
async function addBegun({ add, at }, beginner) {
  await createKey(beginner, "First key");
  add("begun-overview", at("/"));
  add("backups-failing", at("/staff/backups"));
}

/** Much has. */
function addBusy({ add, at }) {
  add("overview", at("/"));
  add("overview-table", at("/?view=table"));
  add("overview-day", async (page) => {
    await at("/")();
    await page.locator(".chart-day").nth(12).focus();
  });
  add("verifications", at("/verifications"));
  add("verifications-filtered", at("/verifications?status=approved&environment=live&from=2020-01-01"));
  add("verifications-older", async (page) => {
    await at("/verifications")();
    await page.getByRole("link", { name: "Older" }).click();
    await page.getByRole("link", { name: "Newest" }).waitFor();
  });
  add("keys", at("/keys"));
  add("key-named", async (page) => {
    await at("/")();
    await page.locator(".attention-name a").first().click();
    await page.waitForURL(/\/keys#/);
  });
  add("audit", at("/audit"));
  add("jobs-failed", at("/staff/jobs"));
  add("backups-good", at("/staff/backups"));
}

/** What somebody sees who may do little, and is refused. */
function addNarrow({ add, at }) {
  add("support-overview", at("/"));
  add("password-set", at("/account/sign-in-methods/password"));
  add("forbidden", at("/keys"));
  add("forbidden-staff", at("/staff/jobs"));
}

/** A little: what is done and refused. */
async function addSmall({ add, at }, server, member) {
  await createKey(member, "Checkout");
  const api = client(server.origin, await createKey(member, "Point of sale"));
  const { verificationId } = (await api.start({ minimumAge: 18, reference: "order-4711" })).body;
  await api.complete(verificationId, { mrz: passport(adult) });
  const young = (await api.start({ minimumAge: 18 })).body;
  await api.complete(young.verificationId, { mrz: passport({ ...adult, birth: yearsFromToday(-15) }) });
  const open = (await api.start()).body;

  add("small-overview", at("/"));
  add("verification", at(`/verifications/${verificationId}`));
  add("verification-denied", at(`/verifications/${young.verificationId}`));
  add("verification-open", at(`/verifications/${open.verificationId}`));
  add("verification-unknown", at(`/verifications/${verificationId.slice(0, -6)}000000`));
  add("verifications-none", at("/verifications?status=submitted"));
  add("verifications-refused", at("/verifications?status=lost&key=key_1&from=2026-02-30&to=soon"));
  add("verifications-broken-link", at("/verifications?after=nonsense"));
  add("keys-create", async (page) => {
    await at("/keys")();
    await page.getByRole("button", { name: "Create API key" }).first().click();
  });
  add("keys-refused", async (page) => {
    await at("/keys")();
    await page.getByRole("button", { name: "Create API key" }).first().click();
    const form = page.getByRole("dialog", { name: "Create API key" });
    await form.getByLabel("Name").fill(" ");
    await asking(form);
    await form.getByRole("button", { name: "Create API key" }).click();
    await page.locator("#name-error").waitFor();
  });
  add("keys-revoke", async (page) => {
    await at("/keys")();
    await page.getByRole("link", { name: "Revoke Checkout" }).click();
    await page.getByRole("button", { name: "Revoke API key" }).waitFor();
  });
  add("keys-secret", (page) => createKey(page, "Shown once"));
  add("audit-filtered", at("/audit?action=api_key&from=2020-01-01"));
  add("audit-none", at("/audit?action=nothing.such"));
  add("audit-refused", at("/audit?from=2026-11-23&to=2026-11-22"));
  add("settings", at("/settings"));
  add("settings-saved", saveSettings(at, "Analytical Engines"));
  add("settings-refused", saveSettings(at, " "));
  add("export", at("/verifications/export?status=approved"));
  add("sign-in-methods", at("/account/sign-in-methods"));
  add("passkey", async (page) => {
    await at("/account/sign-in-methods")();
    await page.getByRole("link", { name: /^Manage/ }).first().click();
    await page.getByRole("heading", { name: "Rename" }).waitFor();
  });
  add("password-staff", at("/account/sign-in-methods/password"));
  add("organisation-new", at("/organisations/new"));
  add("jobs", at("/staff/jobs"));
  add("backups", at("/staff/backups"));
  add("not-found", at("/nowhere"));
}

function saveSettings(at, name) {
  return async (page) => {
    await at("/settings")();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.locator("#name-error, .toast").waitFor();
  };
}

/** Without an account: the way in, and the person who is verified. */
async function addVisitor({ add, at }, server, fresh, member) {
  const api = client(server.origin, await createKey(member, "Web shop"));
  const [asked, wrong, finished, declined] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await api.start({ minimumAge: 18 })).body),
  );
  add("sign-in", at("/sign-in"));
  add("sign-in-password", async (page) => {
    await at("/sign-in")();
    await page.getByText("Use a password and a code").click();
  });
  add("setup", (page) => page.goto(fresh.setupLink));
  add("setup-used", (page) => page.goto(server.setupLink));
  add("hosted-consent", (page) => page.goto(asked.sessionUrl));
  add("hosted-lines", atLines(wrong, false));
  add("hosted-problem", atLines(wrong, true));
  add("hosted-approved", atLines(finished, "finish"));
  add("hosted-declined", async (page) => {
    await page.goto(declined.sessionUrl);
    const button = page.getByRole("button", { name: "Decline" });
    if (await button.count()) await button.click();
    await page.getByRole("heading", { level: 1, name: /ended|used/ }).waitFor();
  });
  add("hosted-unknown", at(`/v/${"0".repeat(43)}`));
}

/** The lines' page of a verification: fresh, with a problem, or sent. */
function atLines({ sessionUrl }, end) {
  return async (page) => {
    await page.goto(sessionUrl);
    if (await page.getByRole("button", { name: "Agree and continue" }).count()) {
      await consent(page, sessionUrl);
    }
    const waiting = await page.getByRole("button", { name: "Check document" }).count();
    if (end && waiting) await give(page, end === "finish" ? passport(adult) : withOneWrongDigit(passport(adult)));
  };
}
