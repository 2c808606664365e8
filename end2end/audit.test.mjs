// The audit log as its readers have it: proofs checked in the browser, the log followed live, and
// what remains of both without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addAuthenticator, assertFits, launch, openPage, WIDTHS } from "./browser.mjs";
import { asking, createKey, setUp } from "./console.mjs";
import { answerProof, forge, openEvent, verifyHere } from "./log.mjs";
import { startServer } from "./server.mjs";

let server;
let browser;
let member;

before(async () => {
  server = await startServer();
  browser = await launch();
  member = await openPage(browser);
  await addAuthenticator(member);
  await setUp(member, server.setupLink);
  await createKey(member, "Checkout");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const verdict = (page) => page.locator("#verify [data-verdict]");
const step = (page, title) => page.locator("#verify [data-steps] li").filter({ hasText: title });

/** The same person's tab without what is in `without`. */
async function sibling(options) {
  return openPage(browser, { storageState: await member.context().storageState(), ...options });
}

test("an event verifies in the browser, and the second time the log continues the first", async () => {
  await openEvent(member, server.origin);
  await verifyHere(member);
  assert.equal(await verdict(member).getAttribute("data-state"), "ok");
  assert.match(await verdict(member).textContent(), /^Verified: the event is in the log, unchanged/);
  assert.equal(await step(member, "The path").getAttribute("data-state"), "ok");
  assert.equal(await step(member, "Compared with before").getAttribute("data-state"), "note");

  await createKey(member, "Grows the log");
  await openEvent(member, server.origin);
  await verifyHere(member);
  assert.equal(await verdict(member).getAttribute("data-state"), "ok");
  assert.equal(await member.locator('#verify [data-steps] li[data-state="bad"]').count(), 0);
  assert.equal(await step(member, "Compared with before").getAttribute("data-state"), "ok");
  assert.deepEqual(member.trouble, []);
});

/** Verifies an event whose answer was changed, and gives what the page concludes. */
async function tampered(change) {
  const page = await sibling();
  await openEvent(page, server.origin);
  await answerProof(page, change);
  await verifyHere(page);
  const told = {
    state: await verdict(page).getAttribute("data-state"),
    words: await verdict(page).textContent(),
    wrong: await page.locator('#verify [data-steps] li[data-state="bad"]').allTextContents(),
  };
  await page.setViewportSize(WIDTHS.narrow);
  await assertFits(page, "an event that does not verify");
  await page.context().close();
  return told;
}

test("an event that was changed does not verify, and the page says what that means", async () => {
  const { state, words, wrong } = await tampered(forge);
  assert.equal(state, "bad");
  assert.match(words, /^Not verified\. .*was changed.*Do not rely on this event.*tell your auditor/);
  assert.equal(wrong.length, 1);
  assert.match(wrong[0], /The path.*Wrong/);
});

test("a checkpoint that was changed does not verify", async () => {
  const { state, words, wrong } = await tampered((body) => {
    const [head, ...note] = body.bundle.proof.split("\n\n");
    const [origin, size, ...rest] = note.join("\n\n").split("\n");
    body.bundle.proof = `${head}\n\n${[origin, Number(size) + 1, ...rest].join("\n")}`;
  });
  assert.equal(state, "bad");
  assert.match(words, /^Not verified\./);
  assert.ok(wrong.some((text) => /The checkpoint/.test(text)), wrong.join(" | "));
});

test("a log that does not continue the remembered one is found out, and can be forgotten", async () => {
  await openEvent(member, server.origin);
  await answerProof(member, (body) => {
    body.consistency = null;
  });
  await verifyHere(member);
  assert.equal(await step(member, "Compared with before").getAttribute("data-state"), "bad");
  assert.match(await verdict(member).textContent(), /does not continue the one that this browser saw before/);
  await member.setViewportSize(WIDTHS.narrow);
  await assertFits(member, "a log that does not continue");
  await member.setViewportSize(WIDTHS.wide);
  await member.unroute(/\/proof(\?|$)/);
  await member.getByRole("button", { name: "Forget and verify again" }).click();
  await member.locator('#verify [data-verdict][data-state="ok"]').waitFor();
});

test("the keyboard alone filters, opens an event and verifies it", async () => {
  await member.goto(`${server.origin}/audit`);
  await member.getByLabel("Action", { exact: true }).focus();
  await member.keyboard.type("api_key");
  await member.keyboard.press("Enter");
  await member.waitForURL(/action=api_key/);
  await member.locator(".event-details summary").first().focus();
  await member.keyboard.press("Enter");
  await member.getByRole("link", { name: "Open this event" }).first().focus();
  await member.keyboard.press("Enter");
  await member.waitForURL(/\/audit\/evt_/);
  await member.getByRole("button", { name: "Verify", exact: true }).focus();
  await member.keyboard.press("Enter");
  await member.locator('#verify [data-verdict][data-state="ok"]').waitFor();
});

test("the keyboard alone saves a search and makes an export", async () => {
  await member.goto(`${server.origin}/audit?action=api_key`);
  await member.getByRole("link", { name: "Save this search" }).focus();
  await member.keyboard.press("Enter");
  await member.waitForURL(/\/audit\/searches/);
  await member.getByText("Action: api_key").waitFor();
  await member.getByLabel("Name", { exact: true }).focus();
  await member.keyboard.type("About keys");
  await member.keyboard.press("Enter");
  await member.getByRole("link", { name: "About keys" }).waitFor();

  await member.goto(`${server.origin}/audit?result=success`);
  await member.getByRole("link", { name: "Export" }).focus();
  await member.keyboard.press("Enter");
  await member.waitForURL(/\/audit\/exports/);
  await member.getByText("Result: Done").waitFor();
  await asking(member);
  await member.getByRole("button", { name: "Make export" }).focus();
  await member.keyboard.press("Enter");
  await member.getByText("SHA-256").or(member.getByRole("link", { name: "Refresh" })).first().waitFor();
});

test("the keyboard alone looks something up at the support desk and notes it", async () => {
  await member.goto(`${server.origin}/staff/support`);
  const focused = () => member.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.textContent.trim());
  assert.equal(await focused(), "q", "the one thing to do here has the focus");
  // What cannot be looked for is told of at the field, with what was typed.
  await member.keyboard.type("lw_test_4f");
  await member.keyboard.press("Enter");
  await member.locator("#q-error").waitFor();
  assert.equal(await member.getByLabel("Look for").inputValue(), "lw_test_4f");
  await member.getByLabel("Look for").focus();
  await member.keyboard.press("Control+A");
  await member.keyboard.type("engines");
  await member.keyboard.press("Tab");
  assert.equal(await focused(), "Search");
  await member.keyboard.press("Enter");
  await member.waitForURL(/\/staff\/support\/org_/);
  await member.getByLabel("Note", { exact: true }).focus();
  await member.keyboard.type("Asked why the first key fails.");
  await member.keyboard.press("Tab");
  assert.equal(await focused(), "Add note");
  await member.keyboard.press("Enter");
  await member.getByText("Asked why the first key fails.").first().waitFor();
  // Each look-up left its event.
  await member.goto(`${server.origin}/staff/audit?action=support`);
  await member.locator(".event-details summary").first().waitFor();
  assert.deepEqual(member.trouble, []);
});

test("a new event appears by itself, is announced politely, and the filter holds", async () => {
  const reader = await sibling();
  await reader.clock.install();
  await reader.goto(`${server.origin}/audit?action=api_key&live=1`);
  const said = reader.locator("[data-live-said]");
  assert.equal(await said.getAttribute("role"), "status");
  await reader.evaluate(() => {
    globalThis.notReloaded = true;
  });
  await createKey(member, "Seen at once");
  await reader.clock.runFor(5_000);
  await reader.locator(".event-details summary").filter({ hasText: "Seen at once" }).waitFor();
  await reader.getByText("Following the log: 1 new event.").waitFor();
  assert.equal(await reader.evaluate(() => globalThis.notReloaded), true);
  // Those that the filter leaves out stay out.
  const codes = await reader.locator(".event-code").allTextContents();
  assert.ok(codes.every((code) => code.startsWith("api_key")), codes.join());

  // Whoever reads keeps their place, and is told.
  await reader.locator(".event-details summary").first().click();
  await createKey(member, "Waits its turn");
  await reader.clock.runFor(5_000);
  await reader.getByText("1 new. Choose Refresh to see them.").waitFor();
  assert.equal(await reader.getByText(/Waits its turn/).count(), 0);

  await reader.getByRole("link", { name: "Stop following" }).click();
  await reader.waitForURL((url) => !url.searchParams.has("live") && url.searchParams.get("action") === "api_key");
  await reader.locator(".event-details summary").filter({ hasText: "Waits its turn" }).waitFor();
  await createKey(member, "Nobody follows");
  await reader.clock.runFor(20_000);
  assert.equal(await reader.getByText(/Nobody follows/).count(), 0);
  assert.deepEqual(reader.trouble, []);
  await reader.context().close();
});

test("without a script the log is read and refreshed, and a proof is checked by the command", async () => {
  const reader = await sibling({ javaScriptEnabled: false });
  await reader.goto(`${server.origin}/audit?action=api_key&live=1`);
  await createKey(member, "After the page");
  await reader.getByRole("link", { name: "Refresh" }).click();
  await reader.getByText(/After the page/).first().waitFor();
  await openEvent(reader, server.origin);
  await reader.getByText("loomwire audit verify --proof FILE --key KEY").waitFor();
  await reader.getByText("Checking here needs JavaScript.").waitFor();
  assert.equal(await reader.getByRole("button", { name: "Verify", exact: true }).isVisible(), false);
  const href = await reader.getByRole("link", { name: "Download the proof" }).getAttribute("href");
  const answer = await reader.request.get(server.origin + href);
  assert.equal(answer.status(), 200);
  await reader.context().close();
});

test("staff are told where they type that words are searched in one log", async () => {
  await member.goto(`${server.origin}/staff/audit`);
  const words = member.getByLabel("Words or an id");
  const told = () => words.evaluate((field) =>
    field.getAttribute("aria-describedby")?.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ") ?? "");
  assert.match(await told(), /searched in one log at a time: choose it under “Log of” first/);
  await words.fill("checkout");
  await member.keyboard.press("Enter");
  await member.locator("#q-error").waitFor();
  assert.match(await told(), /Choose it under “Log of”, then apply/);
  await member.getByLabel("Log of").selectOption({ label: "Analytical Engines" });
  await member.getByRole("button", { name: "Apply filters" }).click();
  await member.getByText(/Checkout/).first().waitFor();
  assert.equal(await member.locator("#q-error, #filter-within").count(), 0);
});
