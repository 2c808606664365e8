// Servers in which something has happened, and the pages that there are to see in them: `busy`
// has ninety invented days, `small` a handful of verifications, `empty` its first person only,
// `begun` a key beside, backups that fail, and a witness that does not answer; who is in `narrow` may do little.
import { addAlerts, addFullAlerts, addNoAlerts } from "./alerts.mjs";
import { client } from "./api.mjs";
import { addAuthenticator, openPage } from "./browser.mjs";
import {
  asking,
  atOverview,
  createKey,
  enrol,
  formOf,
  invite,
  openPasskey,
  PERSON,
  setUp,
  signInWithPassword,
} from "./console.mjs";
import { passport, withOneWrongDigit, yearsFromToday } from "./document.mjs";
import { consent, give } from "./hosted.mjs";
import { addKept } from "./kept.mjs";
import { addLog } from "./log.mjs";
import { linkTo } from "./mailbox.mjs";
import { busyLife, signUpOffered, supportLife, troubled } from "./past.mjs";
import {
  approveElevation,
  askForElevation,
  giveStaffRole,
  HELPER,
  join,
  joinWithPassword,
  openElevation,
  SECURITY,
  TYPIST,
} from "./people.mjs";
import { startServer } from "./server.mjs";
import { addUsage } from "./usage.mjs";
import { addLimits } from "./limits.mjs";
import { addFullWebhooks, addWebhooks } from "./webhooks.mjs";

const INVITED = "grace@example.test";
const NEW = { name: "Nia Newcomer", email: "nia@example.test", organisation: "Newcomers" };
const adult = { surname: "ERIKSSON", given: "ANNA MARIA", number: "L898902C3", birth: "1987-08-12" };

/**
 * `pages` are `{name, visit(), page}`: what can be visited again and again, and in which tab it
 * then is. `member` and `visitor` are tabs of the small server: signed in, and not.
 */
export async function makeScene(browser) {
  const pasts = [undefined, undefined, signUpOffered, troubled, busyLife, supportLife];
  const starts = await Promise.allSettled(pasts.map((prepare) => startServer({ prepare })));
  const servers = starts.flatMap(({ value }) => value ?? []);
  const stop = () => Promise.all(servers.map((one) => one.stop()));
  try {
    for (const { reason } of starts) if (reason) throw reason;
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
  await addPeople(browser, on, small, member);
  await addVisitor(on(visitor, small), { server: small, fresh, member, visitor });
  addOffer(on(visitor, empty), visitor, empty);
  return { server: small, member, visitor, pages };
}

/** Nothing has happened yet; at last its operator looks into it. */
function addEmpty({ add, at: plainly }) {
  const at = (path) => async (page) => {
    await leaveLook(page);
    await plainly(path)();
  };
  add("empty-overview", at("/"));
  add("empty-verifications", at("/verifications"));
  add("empty-keys", at("/keys"));
  add("empty-webhooks", at("/webhooks"));
  addNoAlerts({ add, at });
  add("usage-report-empty", at("/usage/report"));
  add("empty-team", at("/team"));
  add("empty-invitations", at("/team/invite"));
  add("empty-roles", at("/team/roles"));
  add("empty-outbox", at("/dev/outbox"));
  add("empty-support", at("/staff/support"));
  add("empty-support-access", at("/support-access"));
  const inLook = (path) => async (page) => {
    await at("/")(page);
    await lookIn(page);
    await plainly(path)();
    await page.locator(".look-banner").waitFor();
  };
  add("look-overview", inLook("/"));
  add("look-keys", inLook("/keys"));
  add("look-verifications", inLook("/verifications"));
  add("look-settings", inLook("/settings"));
  add("support-access-given", async (page) => {
    await inLook("/")(page);
    await at("/support-access")(page);
  });
  add("support-access-withdrawn", async (page) => {
    await at("/support-access")(page);
    const withdraw = page.getByRole("button", { name: "Withdraw consent" });
    if (await withdraw.count()) {
      await withdraw.click();
      await page.getByText("Nobody of support may look in").waitFor();
    }
  });
  add("look-blocked", async (page) => {
    await inLook("/")(page);
    await plainly("/staff/support")();
  });
}

/** Out of a look, if the tab is in one. */
async function leaveLook(page) {
  const leave = page.getByRole("button", { name: "Leave the organisation" });
  if (page.url().startsWith("http") && (await leave.count())) {
    await leave.click();
    await page.waitForURL(/\/staff\/support\//);
  }
}

/** Lets support in, unless that is so already, and looks into one's own organisation. */
async function lookIn(page) {
  const origin = new URL(page.url()).origin;
  await page.goto(`${origin}/support-access`);
  if (!(await page.getByRole("button", { name: "Withdraw consent" }).count())) {
    await asking(page);
    await page.getByRole("button", { name: "Let support look in" }).click();
    await page.getByRole("button", { name: "Withdraw consent" }).waitFor();
  }
  await page.goto(`${origin}/staff/support`);
  await searchDesk(page, "engines");
  await page.getByRole("link", { name: "Look in" }).click();
  await page.getByLabel("What you look for").fill("They ask why the first key fails.");
  await asking(page);
  await page.getByRole("button", { name: "Look in" }).click();
  await page.locator(".look-banner").waitFor();
}

/** Looks for something of which there is one, and is on its page. */
async function searchDesk(page, text) {
  await page.getByLabel("Look for").fill(text);
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/\/staff\/support\/[a-z]{3}_/);
}

/** The support desk, as somebody alone at it has it. */
async function addDesk({ add, at }, member) {
  const search = (text) => async (page) => {
    await at("/staff/support")();
    await page.getByLabel("Look for").fill(text);
    await page.getByRole("button", { name: "Search" }).click();
  };
  const found = (text) => async (page) => {
    await at("/staff/support")();
    await searchDesk(page, text);
  };
  await found(PERSON.email)(member);
  await member.getByLabel("Note", { exact: true }).fill("Lost her telephone, and asked twice whether the passkey still counts.");
  await member.getByRole("button", { name: "Add note" }).click();
  await member.getByText("asked twice").waitFor();
  add("support-desk", at("/staff/support"));
  add("support-nothing", async (page) => {
    await search("nobody@example.test")(page);
    await page.getByRole("heading", { name: /^Nothing has this/ }).waitFor();
  });
  add("support-refused", async (page) => {
    await search("lw_test_4f")(page);
    await page.locator("#q-error").waitFor();
  });
  add("support-person", found(PERSON.email));
  add("support-organisation", found("engines"));
  add("support-mails", async (page) => {
    await found(PERSON.email)(page);
    await page.getByRole("link", { name: "Mails and notices" }).click();
    await page.waitForURL(/source=mails/);
  });
  add("support-alone", async (page) => {
    await found("engines")(page);
    await page.getByRole("link", { name: "Hand over" }).click();
    await page.waitForURL(/hand-over$/);
  });
  add("support-look-ask", async (page) => {
    await found("engines")(page);
    await page.getByRole("link", { name: "Look in" }).click();
    await page.waitForURL(/look$/);
  });
  add("support-recovery", async (page) => {
    await found(PERSON.email)(page);
    await page.getByRole("link", { name: "Help to sign in again" }).click();
    await page.waitForURL(/recovery$/);
  });
  add("support-access", at("/support-access"));
}

/** The first step is done; and an operator has work. */
async function addBegun({ add, at }, beginner) {
  await createKey(beginner, "First key");
  add("begun-overview", at("/"));
  add("backups-failing", at("/staff/backups"));
  add("ledger-witness-failing", async (page) => {
    await at("/staff/ledger")();
    await page.getByText("A witness does not sign").waitFor();
  });
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
  add("usage-report", at("/usage/report"));
  add("usage-report-table", at("/usage/report?view=table&groupBy=endpoint"));
  addFullAlerts({ add, at });
  addFullWebhooks({ add, at });
  add("keys", at("/keys"));
  add("key-named", async (page) => {
    await at("/")();
    await page.locator(".attention-name a").first().click();
    await page.waitForURL(/\/keys\/key_/);
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
  await rotated(member, server);
  await addAccounts({ add, at }, server, member);
  await addKept({ add, at }, server, member);
  addLimits({ add, at }, server);
  addWebhooks({ add, at }, server);
  addAlerts({ add, at }, server);
  await addLog({ add, at }, server, member);
  addUsage({ add, at });

  add("small-overview", at("/"));
  add("verification", at(`/verifications/${verificationId}`));
  add("verification-denied", at(`/verifications/${young.verificationId}`));
  add("verification-open", at(`/verifications/${open.verificationId}`));
  add("verification-unknown", at(`/verifications/${verificationId.slice(0, -6)}000000`));
  add("verifications-none", at("/verifications?status=submitted"));
  add("verifications-refused", at("/verifications?status=lost&key=key_1&from=2026-02-30&to=soon"));
  add("verifications-broken-link", at("/verifications?after=nonsense"));
  addKeys({ add, at });
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
  add("ledger", at("/staff/ledger"));
  add("not-found", at("/nowhere"));
}

/** The team, its roles and policy; one's own account; and who works for the operator. */
/** A key that is made, looked at, changed, and handed over. */
function addKeys({ add, at }) {
  // A click is over before the page that it leads to is there.
  const follow = async (page, link) => {
    const { pathname } = new URL(page.url());
    await link.click();
    await page.waitForURL((url) => url.pathname !== pathname);
  };
  const open = async (page, name, then) => {
    await at("/keys")();
    await follow(page, page.getByRole("link", { name: `Open ${name}` }).first());
    if (then) await follow(page, page.getByRole("link", { name: then, exact: true }));
  };
  add("keys-create", at("/keys/new"));
  add("keys-refused", async (page) => {
    await at("/keys/new")();
    const form = formOf(page, "Create API key");
    await form.getByLabel("Name", { exact: true }).fill(" ");
    await form.getByLabel("Allowed addresses").fill("192.0.2.0/24\nexample.com");
    await form.getByLabel("Expires", { exact: true }).selectOption("date");
    await form.getByLabel("Last day").fill("2020-01-01");
    await asking(form);
    await form.getByRole("button", { name: "Create API key" }).click();
    await page.locator("#name-error").waitFor();
  });
  add("key-policy", at("/keys/policy"));
  add("key-policy-preview", async (page) => {
    await at("/keys/policy")();
    await page.getByLabel("Every key expires").check();
    await page.getByLabel("Disable after, in days").fill("14");
    await page.getByRole("button", { name: "Who would be hit?" }).click();
    await page.getByText("Nothing is saved yet").waitFor();
  });
  add("reference", at("/reference"));
  add("reference-search", at("/reference?q=rotate"));
  add("found-key", at("/leaks"));
  add("found-key-sent", async (page) => {
    await at("/leaks")();
    await page.getByLabel("The key, or the text that has it").fill("lw_test_nothing");
    await page.getByRole("button", { name: "Report key" }).click();
    await page.getByText("Thank you").waitFor();
  });
  add("key", (page) => open(page, "Point of sale"));
  add("key-unused", (page) => open(page, "Checkout"));
  add("key-edit", (page) => open(page, "Point of sale", "Change"));
  add("key-rotate", (page) => open(page, "Checkout", "Rotate"));
  add("keys-revoke", async (page) => {
    await open(page, "Checkout", "Revoke");
    await page.getByRole("button", { name: "Revoke API key" }).waitFor();
  });
  add("key-taken-over", async (page) => {
    await at("/keys")();
    const rotated = page.getByRole("row").filter({ hasText: "Handed over" }).filter({ hasText: "Rotated" });
    await rotated.getByRole("link", { name: "Open Handed over" }).click();
    await page.getByText("Another key takes over").waitFor();
  });
  add("key-cut-over", async (page) => {
    await at("/keys")();
    const rotated = page.getByRole("row").filter({ hasText: "Handed over" }).filter({ hasText: "Works" });
    await rotated.getByRole("link", { name: "Open Handed over" }).click();
    await page.getByText("still to change over").waitFor();
  });
}

/** A key that another takes over from, and a call with the old one afterwards. */
async function rotated(member, server) {
  const old = await createKey(member, "Handed over");
  await member.goto(`${server.origin}/keys`);
  await member.getByRole("link", { name: "Open Handed over" }).click();
  await member.getByRole("link", { name: "Rotate", exact: true }).click();
  const form = formOf(member, "Rotate API key");
  await asking(form);
  await form.getByRole("button", { name: "Rotate API key" }).click();
  await member.locator("#secret").waitFor();
  await client(server.origin, old).start();
}

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
  await addDesk({ add, at }, member);
  add("signals", at("/staff/signals"));
  add("signals-handled", at("/staff/signals?state=handled"));
  add("outbox", at("/dev/outbox"));
}

/** Colleagues: two who are staff too, one of them with a higher role for a time; one who types. */
async function addPeople(browser, on, server, member) {
  const security = await join(browser, member, server, SECURITY);
  const helper = await join(browser, member, server, HELPER, "support");
  await giveStaffRole(member, server, SECURITY, "Security");
  await giveStaffRole(member, server, HELPER, "Support");
  await askForElevation(security, server, "Operator admin", "Looking into backups that fail since the morning.");
  await approveElevation(member, server, SECURITY);
  await askForElevation(helper, server, "Security", "A customer reports sign-ins that were not theirs.");
  const { page: typist, app } = await joinWithPassword(browser, member, server, TYPIST);
  const elsewhere = await openPage(browser);
  await signInWithPassword(elsewhere, server.origin, { ...TYPIST, code: await app.next() });
  await atOverview(elsewhere);

  const { add, at } = on(member, server);
  add("elevation-waiting", (page) => openElevation(page, server, HELPER));
  add("elevation-open", (page) => openElevation(page, server, SECURITY));
  add("staff-access-elevated", at("/staff/access"));
  add("staff-sessions", at("/staff/sessions"));
  add("staff-sessions-refused", async (page) => {
    await at("/staff/sessions")();
    await page.getByLabel(/to confirm$/).fill("everyone");
    await asking(page);
    await page.getByRole("button", { name: "End everybody's sessions" }).click();
    await page.locator("#confirm-error").waitFor();
  });
  add("member-sessions", async (page) => {
    await at("/team")();
    await page.getByRole("link", { name: `Change ${TYPIST.name}` }).click();
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
  });

  const asked = on(security, server);
  asked.add("elevation-own", (page) => openElevation(page, server, SECURITY));
  const asks = on(helper, server);
  asks.add("elevation-form", asks.at("/staff/access/elevate"));
  asks.add("elevation-refused", async (page) => {
    await asks.at("/staff/access/elevate")();
    await page.getByRole("radio", { name: /^Operator admin/ }).check();
    await page.getByLabel("Reason").fill("Because I would like to");
    await page.getByLabel("Minutes").fill("5");
    await asking(page);
    await page.getByRole("button", { name: "Ask for elevation" }).click();
    await page.locator("[role=alert], .field-error").first().waitFor();
  });

  // Signed in elsewhere too.
  const types = on(typist, server);
  types.add("password-change", types.at("/account/sign-in-methods/password"));
  types.add("sign-in-methods-password", types.at("/account/sign-in-methods"));
  types.add("sign-in-methods-changed", types.at("/account/sign-in-methods?changed=1"));
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
  add("reference-stranger", at("/reference"));
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
  add("report-anybody", at("/report?about=%2Fsign-in"));
  add("report-anybody-sent", (page) => report(page, server));
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

/** Where anybody can make an account. */
function addOffer({ add, at }, visitor, server) {
  add("sign-in-offered", at("/sign-in"));
  add("sign-up-offered", at("/sign-up"));
  add("sign-up-refused", async (page) => {
    await at("/sign-up")();
    await askToSignUp(page, { ...NEW, name: " " });
    await page.locator("#name-error").waitFor();
  });
  add("sign-up-asked", async (page) => {
    await at("/sign-up")();
    await askToSignUp(page, NEW);
    await page.getByText("Look into your mailbox").waitFor();
  });
  let link;
  add("sign-up-confirm", async (page) => {
    if (!link) {
      await at("/sign-up")();
      await askToSignUp(page, NEW);
      await page.getByText("Look into your mailbox").waitFor();
      link = await linkTo(visitor, server.origin, NEW.email, "", "/sign-up/");
    }
    await page.goto(link);
  });
}

async function askToSignUp(page, { name, email, organisation }) {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Organisation").fill(organisation);
  await page.getByRole("button", { name: "Send the link" }).click();
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
