// Every page: axe in light and dark, narrow and wide; no sideways scrolling; the keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, COLOURS, dress, launch, tabThrough, WIDTHS } from "./browser.mjs";
import { asking, formOf } from "./console.mjs";
import { makeScene } from "./scene.mjs";

let browser;
let scene;

before(async () => {
  browser = await launch();
  scene = await makeScene(browser);
});

after(async () => {
  await browser?.close();
  await scene?.stop();
});

test("axe finds nothing, and nothing sticks out, on any page", async (t) => {
  for (const { name, visit, page } of scene.pages) {
    await t.test(name, async () => {
      await page.setViewportSize(WIDTHS.wide);
      await visit();
      for (const [width, size] of Object.entries(WIDTHS)) {
        for (const colorScheme of COLOURS) {
          await dress(page, size, colorScheme);
          await assertAccessible(page, `${name}, ${width}, ${colorScheme}`, colorScheme);
        }
        await assertFits(page, `${name}, ${width}`);
      }
      assert.notEqual(await page.title(), "", `${name} has no title`);
    });
  }
});

test("every page can be walked through by keyboard, and shows where one is", async (t) => {
  for (const { name, visit, page } of scene.pages.filter((page) => page.name !== "keys-secret")) {
    await t.test(name, async () => {
      await page.setViewportSize(WIDTHS.wide);
      await visit();
      const stops = await tabThrough(page, name);
      const offered = await page.locator("a[href], button, input, select").count();
      assert.ok(stops.length > 0 || offered === 0, "nothing can be reached");
    });
  }
});

test("a page wakes though the browser is never idle", async () => {
  const { member, server } = scene;
  const page = await member.context().newPage();
  await page.addInitScript(() => {
    globalThis.requestIdleCallback = (work, { timeout } = {}) => timeout && setTimeout(work, timeout);
  });
  await page.goto(`${server.origin}/audit/streams/new`);
  await asking(formOf(page, "Make stream"));
  await page.close();
});

test("the skip link is first and leads past the navigation", async () => {
  const { member } = scene;
  await member.goto(`${scene.server.origin}/keys`);
  await member.keyboard.press("Tab");
  await member.keyboard.press("Enter");
  const inside = () => document.activeElement?.id === "main" || location.hash === "#main";
  assert.ok(await member.evaluate(inside));
});

test("the chart tells its days to the keyboard, and the same figures as a table", async () => {
  const { member } = scene;
  await member.goto(scene.server.origin);
  await member.getByRole("group", { name: /^Days/ }).waitFor();
  const today = member.locator('.chart-day[tabindex="0"]');
  await today.focus();
  const told = () => member.evaluate(() => document.activeElement.ariaLabel);
  const last = await told();
  assert.match(last, /\d+ in all\. Approved \d/);
  await pressUntil(member, "ArrowLeft", async () => (await told()) !== last);
  assert.match(await told(), /no verification/);
  await member.keyboard.press("End");
  assert.equal(await told(), last);
  await member.keyboard.press("Home");
  assert.notEqual(await told(), last);

  await member.getByRole("link", { name: "Table" }).click();
  await member.waitForURL(/\?view=table/);
  const [, all] = last.match(/(\d+) in all/);
  const newest = member.getByRole("region", { name: "Verifications by day" }).getByRole("row").nth(1);
  assert.equal((await newest.getByRole("cell").last().textContent()).trim(), all);
});

test("filters stay in the address, and come off one by one", async () => {
  const { member } = scene;
  await member.goto(`${scene.server.origin}/verifications`);
  await member.getByLabel("Status").selectOption("Approved");
  await member.getByLabel("API key").selectOption({ index: 1 });
  await member.getByRole("button", { name: "Apply filters" }).click();
  await member.waitForURL(/status=approved/);
  await member.getByRole("link", { name: /^Remove filter API key/ }).click();
  await member.waitForURL((url) => !url.searchParams.has("key") && url.searchParams.get("status") === "approved");
  await member.getByRole("link", { name: "Export CSV" }).click();
  await asking(member);
  const [file] = await Promise.all([
    member.waitForEvent("download"),
    member.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^verifications-.*\.csv$/);
  await member.getByText("It counts for another").waitFor();
  await member.getByRole("link", { name: "Back to the list" }).click();
  await member.getByRole("link", { name: "Clear all" }).click();
  await member.waitForURL((url) => url.search === "");
});

/** Presses a key until it has done what it should: an island may still be on its way. */
async function pressUntil(page, key, done) {
  for (let tries = 0; tries < 50; tries += 1) {
    await page.keyboard.press(key);
    if (await done()) return;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  assert.fail(`${key} does nothing`);
}
