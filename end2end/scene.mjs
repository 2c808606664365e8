// Servers in which something has happened, and the pages that there are to see in them: `busy`
// has ninety invented days, `small` a handful of verifications, `empty` its first person only,
// `begun` a key beside, and backups that fail; who is in `narrow` may do little.
import { client } from "./api.mjs";
import { addAuthenticator, openPage } from "./browser.mjs";
import { asking, createKey, enrol, formOf, invite, openPasskey, PERSON, setUp } from "./console.mjs";
import { passport, withOneWrongDigit, yearsFromToday } from "./document.mjs";
import { consent, give } from "./hosted.mjs";
import { linkTo } from "./mailbox.mjs";
import { backupsFailed, busyLife, supportLife } from "./past.mjs";
import { startServer } from "./server.mjs";

const INVITED = "grace@example.test";
const adult = { surname: "ERIKSSON", given: "ANNA MARIA", number: "L898902C3", birth: "1987-08-12" };

/**
 * `pages` are `{name, visit(), page}`: what can be visited again and again, and in which tab it
 * then is. `member` and `visitor` are tabs of the small server: signed in, and not.
 */
export async function makeScene(browser) {
  const pasts = [undefined, undefined, undefined, backupsFailed, busyLife, supportLife];
  const servers = await Promise.all(pasts.map((prepare) => startServer({ prepare })));
  const stop = () => Promise.all(servers.map((one) => one.stop()));
  try {
    return { ...(await fill(browser, servers)), stop };
  } catch (error) {
    // A server that goes on would keep whoever started it waiting for ever.
    await stop();
    throw error;
  }
}

async function fill(browser, servers) {
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
  addEmpty(on(newcomer, empty));
  await addBegun(on(beginner, begun), beginner);
  addBusy(on(owner, busy));
  addNarrow(on(support, narrow));
  await addSmall(on(member, small), small, member);
  await addVisitor(on(visitor, small), { server: small, fresh, member, visitor });
  return { server: small, member, visitor, pages };
}

/** Nothing has happened yet. */
function addEmpty({ add, at }) {
  add("empty-overview", at("/"));
  add("empty-verifications", at("/verifications"));
  add("empty-keys", at("/keys"));
  add("empty-team", at("/team"));
  add("empty-invitations", at("/team/invite"));
  add("empty-roles", at("/team/roles"));
  add("empty-outbox", at("/dev/outbox"));
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
  add("organisations", at("/staff/organisations"));
}

/** What somebody sees who may do little, and is refused. */
function addNarrow({ add, at }) {
  add("support-overview", at("/"));
  add("password-set", at("/account/sign-in-methods/password"));
  add("forbidden", at("/keys"));
  add("forbidden-staff", at("/staff/jobs"));
  add("forbidden-invite", at("/team/invite"));
  add("forbidden-role", at("/team/roles/new"));
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
  await addAccounts({ add, at }, server, member);

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
  add("passkey", openPasskey);
  add("password-staff", at("/account/sign-in-methods/password"));
  add("organisation-new", at("/organisations/new"));
  add("jobs", at("/staff/jobs"));
  add("backups", at("/staff/backups"));
  add("not-found", at("/nowhere"));
}

/** The team, its roles and policy; one's own account; and who works for the operator. */
async function addAccounts({ add, at }, server, member) {
  await invite(member, INVITED);
  await invite(member, "a.rather.long.address.for.a.table@subsidiary.example.test", "auditor");
  await makeRole(member, server);
  await report(member, server);
  await namePasskey(member);
  add("team", at("/team"));
  add("invitations", at("/team/invite"));
  add("invitation-refused", async (page) => {
    await at("/team/invite")();
    await page.getByLabel("E-mail").fill(PERSON.email);
    await asking(formOf(page, "Send invitation"));
    await page.getByRole("button", { name: "Send invitation" }).click();
    await page.locator("#email-error").waitFor();
  });
  add("roles", at("/team/roles"));
  add("role-new", at("/team/roles/new"));
  add("role-review", async (page) => {
    await at("/team/roles")();
    await page.getByRole("link", { name: "Edit Key keeper" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Keeper of the keys");
    await page.locator("[value='audit:read']").check();
    await page.locator("[value='keys:read']").uncheck();
    await page.getByRole("button", { name: "Review changes" }).click();
    await page.getByRole("heading", { name: "What changes" }).waitFor();
  });
  add("security-policy", at("/settings/security"));
  add("security-policy-review", async (page) => {
    await at("/settings/security")();
    await page.getByRole("radio", { name: "A device-bound passkey" }).check();
    await page.getByLabel("Minutes without a request").fill("10");
    await page.getByRole("button", { name: "Review changes" }).click();
    await page.getByRole("heading", { name: "What changes" }).waitFor();
  });
  add("profile", at("/account"));
  add("sessions", at("/account/sessions"));
  add("activity", at("/account/activity"));
  add("notifications", at("/account/notifications"));
  add("own-recovery", at("/account/recovery"));
  add("report", at("/report"));
  add("staff-access", at("/staff/access"));
  add("staff-access-give", at("/staff/access/give"));
  add("staff-elevate", at("/staff/access/elevate"));
  add("staff-accounts", at("/staff/accounts"));
  add("staff-account-found", async (page) => {
    await at("/staff/accounts")();
    await page.getByLabel("E-mail").fill(PERSON.email);
    await page.getByRole("button", { name: "Find account" }).click();
    await page.getByRole("heading", { name: PERSON.name }).waitFor();
  });
  add("staff-organisations", at("/staff/organisations"));
  add("signals", at("/staff/signals"));
  add("signals-handled", at("/staff/signals?state=handled"));
  add("outbox", at("/dev/outbox"));
}

async function makeRole(page, server) {
  await page.goto(`${server.origin}/team/roles/new`);
  await page.getByLabel("Name", { exact: true }).fill("Key keeper");
  await page.locator("[value='keys:read']").check();
  await page.locator("[value='keys:manage']").check();
  await page.getByRole("button", { name: "Review changes" }).click();
  await page.getByRole("heading", { name: "What changes" }).waitFor();
  await asking(page);
  await page.getByRole("button", { name: "Save role" }).click();
  await page.waitForURL((url) => url.pathname === "/team/roles");
}

/** A change of a credential, which a mail tells of. */
async function namePasskey(page) {
  await openPasskey(page);
  const form = formOf(page, "Rename passkey");
  await form.getByLabel("Name", { exact: true }).fill("Work laptop");
  await asking(form);
  await form.getByRole("button", { name: "Rename passkey" }).click();
  await page.getByText("Work laptop").first().waitFor();
}

async function report(page, server) {
  await page.goto(`${server.origin}/report`);
  await page.getByLabel("What looks suspicious").fill("A mail asks me for my code, and its sender is not ours.");
  await page.getByRole("button", { name: "Send report" }).click();
  await page.getByText("Your reference is").waitFor();
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
async function addVisitor({ add, at }, { server, fresh, member, visitor }) {
  const api = client(server.origin, await createKey(member, "Web shop"));
  const [asked, wrong, finished, declined] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await api.start({ minimumAge: 18 })).body),
  );
  add("sign-in", at("/sign-in"));
  add("sign-in-password", async (page) => {
    await at("/sign-in")();
    await page.getByText("Use a password and a code").click();
  });
  const invitation = await linkTo(visitor, server.origin, INVITED, "", "/invitations/");
  const notMe = await linkTo(visitor, server.origin, PERSON.email, "renamed", "/not-me/");
  add("sign-up", at("/sign-up"));
  add("recover", at("/recover"));
  add("recover-asked", async (page) => {
    await at("/recover")();
    await page.getByLabel("E-mail").fill("nobody@example.test");
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("Look into your mailbox").waitFor();
  });
  add("invitation", (page) => page.goto(invitation));
  add("invitation-password", async (page) => {
    await page.goto(invitation);
    await page.getByText("Use a password and an authenticator app").click();
  });
  add("invitation-unknown", at(`/invitations/${"0".repeat(43)}`));
  add("not-me", (page) => page.goto(notMe));
  add("not-me-unknown", at(`/not-me/${"0".repeat(43)}`));
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
