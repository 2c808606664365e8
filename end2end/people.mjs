// Further people of an installation: colleagues who accept an invitation, and staff.
import { addAuthenticator, openPage } from "./browser.mjs";
import { asking, atOverview, formOf, invite } from "./console.mjs";
import { linkTo } from "./mailbox.mjs";
import { authenticatorApp } from "./totp.mjs";

export const SECURITY = { name: "Sia Shannon", email: "sia@example.test" };
export const HELPER = { name: "Sol Support", email: "sol@example.test" };
export const TYPIST = { name: "Tom Typist", email: "tom@example.test", password: "violet ladder moth harbour 71" };

/** Somebody who accepts with a passkey: their tab. */
export async function join(browser, owner, server, person, role = "developer") {
  const page = await openPage(browser);
  await addAuthenticator(page);
  await page.goto(await invited(owner, server, person, role));
  await page.getByLabel("Your name").first().fill(person.name);
  await page.getByRole("button", { name: "Create passkey" }).click();
  await atOverview(page);
  return page;
}

/** Somebody who accepts with a password and an app: their tab, and the app. */
export async function joinWithPassword(browser, owner, server, person, role = "developer") {
  const page = await openPage(browser);
  await page.goto(await invited(owner, server, person, role));
  await page.getByText("Use a password and an authenticator app").click();
  const form = page.locator("details form");
  const app = authenticatorApp(await form.locator("[name=totp_secret]").inputValue());
  await form.locator("[name=name]").fill(person.name);
  await form.locator("[name=password]").fill(person.password);
  await form.locator("[name=totp_code]").fill(await app.next());
  await form.locator("button[type=submit]").click();
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  return { page, app };
}

async function invited(owner, server, person, role) {
  await invite(owner, person.email, role);
  return linkTo(owner, server.origin, person.email, "", "/invitations/");
}

/** Gives a staff role, such as "Security". */
export async function giveStaffRole(operator, server, person, role) {
  await operator.goto(`${server.origin}/staff/access/give`);
  const form = formOf(operator, "Give staff role");
  await form.getByLabel("E-mail").fill(person.email);
  await form.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  await asking(form);
  await form.getByRole("button", { name: "Give staff role" }).click();
  await operator.waitForURL((url) => url.pathname === "/staff/access");
}

/** Asks for a higher staff role for an hour. */
export async function askForElevation(staff, server, role, reason) {
  await staff.goto(`${server.origin}/staff/access/elevate`);
  const form = formOf(staff, "Ask for elevation");
  await form.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  await form.getByLabel("Reason").fill(reason);
  await asking(form);
  await form.getByRole("button", { name: "Ask for elevation" }).click();
  await staff.waitForURL((url) => url.pathname === "/staff/access");
}

/** The page of somebody's elevation. */
export async function openElevation(page, server, person) {
  await page.goto(`${server.origin}/staff/access`);
  await page.getByRole("link", { name: `Open the elevation of ${person.name}` }).first().click();
  await page.getByRole("heading", { level: 1, name: new RegExp(`^${person.name} as`) }).waitFor();
}

export async function approveElevation(page, server, person) {
  await openElevation(page, server, person);
  await asking(page);
  await page.getByRole("button", { name: "Approve request" }).click();
  await page.waitForURL((url) => url.pathname === "/staff/access");
}
