// What a person does in the console, by the names that stand on the page.
import assert from "node:assert/strict";

export const PERSON = { name: "Ada Byron", email: "ada@example.test", organisation: "Analytical Engines" };

/** The one-time link: the first person, and a passkey. */
export async function setUp(page, link, person = PERSON) {
  await page.goto(link);
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Organisation").fill(person.organisation);
  await page.getByRole("button", { name: "Create passkey" }).click();
  await atOverview(page);
}

/** The one-time link of somebody who is known already: a passkey, and nothing to fill in. */
export async function enrol(page, link) {
  await page.goto(link);
  await page.getByRole("button", { name: "Create passkey" }).click();
  await atOverview(page);
}

export async function atOverview(page) {
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}

export async function signOut(page) {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
}

/** Waits until a dangerous form would ask for the passkey before it is sent. */
export async function asking(form) {
  await form.locator(".confirm[data-ready]").waitFor();
}

/** Makes a key and gives it, as it is shown this once. */
export async function createKey(page, name, environment = "Test") {
  await page.goto(new URL("/keys/new", page.url()).href);
  const form = formOf(page, "Create API key");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByRole("radio", { name: new RegExp(`^${environment}`) }).check();
  await asking(form);
  await form.getByRole("button", { name: "Create API key" }).click();
  const secret = page.locator("#secret");
  await secret.waitFor();
  const key = (await secret.textContent()).trim();
  assert.match(key, environment === "Live" ? /^lw_live_[0-9A-Za-z]+$/ : /^lw_test_[0-9A-Za-z]+$/);
  return key;
}

/** Revokes a key by typing its name. */
export async function revokeKey(page, name) {
  await page.goto(new URL("/keys", page.url()).href);
  await page.getByRole("link", { name: `Open ${name}` }).click();
  await page.getByRole("link", { name: "Revoke" }).click();
  await page.getByLabel(/to confirm$/).fill(name);
  await asking(page);
  await page.getByRole("button", { name: "Revoke API key" }).click();
  await page.getByRole("heading", { name: "Ended keys" }).waitFor();
}

/** Asks for an invitation to be sent; for its link look into the outbox. */
export async function invite(page, email, role = "developer") {
  await page.goto(new URL("/team/invite", page.url()).href);
  const form = formOf(page, "Send invitation");
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Role").selectOption(role);
  await asking(form);
  await form.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText("The invitation is on its way.").waitFor();
}

/** Without the browser's autofill of passkeys: nothing but the button signs in. */
export async function withoutAutofill(page) {
  await page.addInitScript(() => {
    if (globalThis.PublicKeyCredential) {
      globalThis.PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    }
  });
}

/** The form of the second way in; works without a script. */
export async function signInWithPassword(page, origin, { email, password, code }) {
  await page.goto(`${origin}/sign-in`);
  await page.getByText("Use a password and a code").click();
  await page.getByLabel("E-mail of your account").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Sign in with a password" }).click();
}

/** The page of one's first passkey. */
export async function openPasskey(page) {
  await page.goto(new URL("/account/sign-in-methods", page.url()).href);
  await page.getByRole("link", { name: /^Manage/ }).first().click();
  await page.getByRole("heading", { name: "Rename" }).waitFor();
}

/** The form that a button sends. */
export function formOf(page, button) {
  return page.locator("form").filter({ has: page.getByRole("button", { name: button }) });
}
