// Alerts by the keyboard alone, and without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addAuthenticator, launch, openPage } from "./browser.mjs";
import { setUp } from "./console.mjs";
import { startServer } from "./server.mjs";

let browser;
let server;
let member;

before(async () => {
  browser = await launch();
  server = await startServer();
  member = await openPage(browser);
  await addAuthenticator(member);
  await setUp(member, server.setupLink);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Walks on until this has the focus. */
async function walkTo(page, locator) {
  for (let steps = 0; steps < 120; steps += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} cannot be reached`);
}

test("the keyboard alone chooses a kind, looks back, saves, silences", async () => {
  await member.goto(`${server.origin}/alerts`);
  await walkTo(member, member.getByRole("link", { name: "New alert" }));
  await member.keyboard.press("Enter");
  await member.waitForURL(/\/alerts\/new$/);
  await walkTo(member, member.getByRole("link", { name: /^Requests/ }));
  await member.keyboard.press("Enter");
  await member.waitForURL(/kind=requests/);
  await walkTo(member, member.getByLabel("Name", { exact: true }));
  await member.keyboard.type("Too many calls");
  await walkTo(member, member.getByRole("button", { name: "Preview the last 30 days" }));
  await member.keyboard.press("Enter");
  await member.getByText("It would not have fired in the last 30 days.").waitFor();
  assert.equal(await member.getByLabel("Name", { exact: true }).inputValue(), "Too many calls");
  await walkTo(member, member.getByRole("button", { name: "Save alert" }));
  await member.keyboard.press("Enter");
  await member.getByRole("heading", { level: 1, name: "Too many calls" }).waitFor();
  await walkTo(member, member.getByRole("button", { name: "Silence Too many calls" }));
  await member.keyboard.press("Enter");
  await member.getByText("Silenced until").waitFor();
});

test("without a script an alert is made all the same", async () => {
  const cookies = await member.context().cookies();
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(`${server.origin}/alerts/new?kind=no_traffic`);
  await page.getByRole("button", { name: "Preview the last 30 days" }).click();
  await page.getByText("It would not have fired").waitFor();
  await page.getByRole("button", { name: "Save alert" }).click();
  await page.getByRole("heading", { level: 1, name: "No traffic" }).waitFor();
  await context.close();
});

test("the number beside Alerts follows by itself, and is announced", async () => {
  const page = await member.context().newPage();
  await page.addInitScript(() => {
    const wait = globalThis.setTimeout;
    globalThis.setTimeout = (work, after, ...rest) => wait(work, after === 30_000 ? 50 : after, ...rest);
  });
  let answer = "0";
  await page.route("**/alerts/firing", (route) => route.fulfill({ contentType: "text/plain", body: answer }));
  await page.goto(`${server.origin}/keys`);
  const number = page.locator("[data-firing]");
  assert.equal(await number.isVisible(), false, "nothing fires");
  answer = "2";
  await page.getByText("2 alerts fire.").waitFor({ state: "attached" });
  assert.match((await number.textContent()).trim(), /^2\s+firing$/);
  answer = "0";
  await number.waitFor({ state: "hidden" });
  await page.close();
});
