// Accounts: several ways in, an invitation, confirmations, sessions and their end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addAuthenticator, launch, openPage } from "./browser.mjs";
import {
  asking,
  atOverview,
  formOf,
  invite,
  openPasskey,
  PERSON,
  setUp,
  signInWithPassword,
  signOut,
  withoutAutofill,
} from "./console.mjs";
import { linkTo } from "./mailbox.mjs";
import { startServer } from "./server.mjs";
import { authenticatorApp } from "./totp.mjs";

const MATE = { name: "Grace Turing", email: "grace@example.test", password: "violet ladder moth harbour 71" };

let browser;
let server;
let owner;
let laptop;
let mate;
let plain;
let app;
let codes;

// One story: what comes after a broken chapter says nothing, and would only wait.
let broken = false;
function chapter(name, tell) {
  test(name, async (t) => {
    if (broken) return t.skip("the story broke off before");
    broken = true;
    await tell();
    broken = false;
  });
}

before(async () => {
  server = await startServer();
  browser = await launch();
  owner = await openPage(browser);
  await withoutAutofill(owner);
  laptop = await addAuthenticator(owner);
  await setUp(owner, server.setupLink);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

chapter("a dangerous form asks for the passkey, keeps what was typed, and then counts down", async () => {
  await openPasskey(owner);
  const form = formOf(owner, "Rename passkey");
  await form.getByLabel("Name", { exact: true }).fill("Laptop");
  await asking(form);
  await laptop.verified(false);
  await form.getByRole("button", { name: "Rename passkey" }).click();
  await form.getByRole("alert").filter({ hasText: "cancelled or timed out" }).waitFor();
  assert.equal(await form.getByLabel("Name", { exact: true }).inputValue(), "Laptop");
  await laptop.verified(true);
  await form.getByRole("button", { name: "Rename passkey" }).click();
  await owner.getByText("Laptop").first().waitFor();

  await openPasskey(owner);
  await formOf(owner, "Rename passkey").getByText(/It counts for another [0-4]:\d\d/).waitFor();
  // For that action, and for no other.
  await owner.goto(`${server.origin}/team/invite`);
  await owner.getByText("This asks for your passkey.").first().waitFor();
});

chapter("a second passkey is added, and each signs in by itself", async () => {
  await laptop.touched(false);
  const key = await addAuthenticator(owner, { transport: "usb" });
  await owner.goto(`${server.origin}/account/sign-in-methods`);
  await owner.getByLabel("Name of the new passkey").fill("Security key");
  await owner.getByRole("button", { name: "Add passkey" }).click();
  const rows = owner.getByRole("table").getByRole("row");
  await rows.filter({ hasText: "Security key" }).waitFor();
  await rows.filter({ hasText: "Laptop" }).waitFor();
  assert.equal((await key.credentials()).length, 1);

  for (const [used, unused] of [
    [key, laptop],
    [laptop, key],
  ]) {
    await signOut(owner);
    await used.touched(true);
    await unused.touched(false);
    await owner.getByRole("button", { name: "Sign in with a passkey" }).click();
    await atOverview(owner);
  }
});

chapter("an invitation is accepted with a passkey, and its link works once", async () => {
  await invite(owner, MATE.email);
  const link = await linkTo(owner, server.origin, MATE.email, PERSON.organisation, "/invitations/");
  mate = await openPage(browser);
  await withoutAutofill(mate);
  await addAuthenticator(mate);
  await mate.goto(link);
  await mate.getByLabel("Your name").first().fill(MATE.name);
  await mate.getByRole("button", { name: "Create passkey" }).click();
  await atOverview(mate);
  const again = await fetch(link);
  assert.ok([404, 409, 410].includes(again.status), `the used link answers ${again.status}`);
  await owner.goto(`${server.origin}/team`);
  await owner.getByRole("row").filter({ hasText: MATE.name }).getByText("Developer").waitFor();
});

chapter("a password and an app are set up after a passkey's confirmation, with ten recovery codes", async () => {
  await mate.goto(`${server.origin}/account/sign-in-methods/password`);
  const form = formOf(mate, "Set password and app");
  app = authenticatorApp(await form.locator(".app-key code").textContent());
  await form.getByLabel("New password").fill(MATE.password);
  await form.getByLabel("Code that the app shows now").fill(await app.next());
  await asking(form);
  await form.getByRole("button", { name: "Set password and app" }).click();
  await mate.getByText("This is the only time").waitFor();
  codes = await mate.locator(".recovery-codes code").allTextContents();
  assert.equal(new Set(codes).size, 10);
});

chapter("the password and a code sign in without JavaScript; the code does so once", async () => {
  plain = await openPage(browser, { javaScriptEnabled: false });
  const code = await app.next();
  await signInWithPassword(plain, server.origin, { ...MATE, code: "000000" });
  await plain.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
  assert.equal(await plain.getByLabel("Password", { exact: true }).inputValue(), "", "a password came back");
  await assertOutside(plain);
  await signInWithPassword(plain, server.origin, { ...MATE, code });
  await plain.getByRole("heading", { level: 1, name: "Overview" }).waitFor();

  const other = await openPage(browser, { javaScriptEnabled: false });
  await signInWithPassword(other, server.origin, { ...MATE, code });
  await other.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
  await assertOutside(other);
  await other.context().close();
});

chapter("a code confirms a dangerous form without JavaScript", async () => {
  await openPasskey(plain);
  const form = formOf(plain, "Rename passkey");
  await form.getByLabel("Name", { exact: true }).fill("Phone");
  await form.locator("[name=step_up_code]").fill(app.last());
  await form.getByRole("button", { name: "Rename passkey" }).click();
  // The code that signed in does not count again, and the name is still there.
  await formOf(plain, "Rename passkey").locator(".field-error").first().waitFor();
  assert.equal(await form.getByLabel("Name", { exact: true }).inputValue(), "Phone");
  await form.locator("[name=step_up_code]").fill(await app.next());
  await form.getByRole("button", { name: "Rename passkey" }).click();
  await plain.getByText("Phone").first().waitFor();
  assert.deepEqual(plain.trouble, []);
});

chapter("a recovery code stands in for the app, once", async () => {
  const page = await openPage(browser, { javaScriptEnabled: false });
  await signInWithPassword(page, server.origin, { ...MATE, code: codes[0] });
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.context().close();
  const again = await openPage(browser, { javaScriptEnabled: false });
  await signInWithPassword(again, server.origin, { ...MATE, code: codes[0] });
  await again.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
  await assertOutside(again);
  await again.context().close();
});

chapter("a session that is ended in the list is refused on its next request", async () => {
  await plain.goto(server.origin);
  await plain.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await mate.goto(`${server.origin}/account/sessions`);
  const rows = mate.getByRole("row").filter({ hasText: "password and code" });
  assert.equal(await rows.count(), 2, "the two sessions that the password began");
  await rows.first().getByRole("button", { name: /^End session/ }).click();
  await mate.getByRole("button", { name: "End the other session" }).click();
  await mate.getByText("You are signed in nowhere else.").waitFor();
  await assertOutside(plain);
  await mate.goto(server.origin);
  await atOverview(mate);
});

chapter("the link in a mail ends every session of whom it was sent to", async () => {
  const link = await linkTo(owner, server.origin, MATE.email, "passkey", "/not-me/");
  await owner.goto(link);
  await owner.getByRole("button", { name: "End every session" }).click();
  await owner.getByRole("heading", { level: 1 }).waitFor();
  await assertOutside(mate);
  await owner.goto(server.origin);
  await atOverview(owner);
});

chapter("the accounts' pages caused no error in the browser", () => {
  assert.deepEqual(owner.trouble, []);
  assert.deepEqual(mate.trouble, []);
});

test("the page warns before the session ends, stays on a word, and keeps what was typed", async () => {
  const page = await openPage(browser);
  // The session rests in the database and time passes in the page: nobody waits for it.
  await page.clock.install();
  await addAuthenticator(page);
  const other = await startServer();
  const left = () => page.evaluate(async () => Number(await (await fetch("/session")).text()));
  const rest = async (seconds) => {
    const before = await left();
    await other.sql(`UPDATE sessions SET last_seen_at = last_seen_at - ${seconds * 1000}`);
    // The server remembers a session for some seconds before it looks again.
    while (before > 0 && (await left()) > before - 60_000) await page.waitForTimeout(100);
  };
  try {
    await setUp(page, other.setupLink);
    await page.goto(`${other.origin}/report`);
    const typed = page.getByLabel("What looks suspicious");
    await typed.fill("A mail that looks false");
    const [warning, over] = [page.locator(".session-warning"), page.locator(".session-over")];
    await rest(800);
    await passUntil(page, 790, warning);
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await warning.waitFor({ state: "hidden" });
    await rest(901);
    await passUntil(page, 20, over);
    assert.equal(await typed.inputValue(), "A mail that looks false");
    await page.goto(`${other.origin}/keys`);
    assert.equal(new URL(page.url()).pathname, "/sign-in", "the session goes on");
  } finally {
    await page.context().close();
    await other.stop();
  }
});

/** Lets seconds pass in the page until something shows: its timers may not be set yet. */
async function passUntil(page, seconds, shown) {
  for (let tries = 0; tries < 50 && !(await shown.isVisible()); tries += 1) {
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith("/session"), { timeout: 500 }).catch(() => {}),
      page.clock.fastForward(seconds * 1000),
    ]);
  }
  await shown.waitFor();
}

async function assertOutside(page) {
  await page.goto(`${server.origin}/keys`);
  assert.equal(new URL(page.url()).pathname, "/sign-in", "somebody is in who should not be");
}
