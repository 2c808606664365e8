// Every page: axe in light and dark, narrow and wide; no sideways scrolling; the keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, COLOURS, dress, launch, openPage, tabThrough, WIDTHS } from "./browser.mjs";
import { makeScene } from "./scene.mjs";

let browser;
let scene;
let visitor;

before(async () => {
  browser = await launch();
  scene = await makeScene(browser);
  visitor = await openPage(browser);
});

after(async () => {
  await browser?.close();
  await scene?.stop();
});

test("axe finds nothing, and nothing sticks out, on any page", async (t) => {
  for (const { name, visit, signedIn } of scene.pages) {
    await t.test(name, async () => {
      const page = signedIn ? scene.page : visitor;
      await page.setViewportSize(WIDTHS.wide);
      await visit(page);
      for (const [width, size] of Object.entries(WIDTHS)) {
        for (const colorScheme of COLOURS) {
          await dress(page, size, colorScheme);
          await assertAccessible(page, `${name}, ${width}, ${colorScheme}`);
        }
        await assertFits(page, `${name}, ${width}`);
      }
      assert.notEqual(await page.title(), "", `${name} has no title`);
    });
  }
});

test("every page can be walked through by keyboard, and shows where one is", async (t) => {
  for (const { name, visit, signedIn } of scene.pages.filter((page) => page.name !== "keys-secret")) {
    await t.test(name, async () => {
      const page = signedIn ? scene.page : visitor;
      await page.setViewportSize(WIDTHS.wide);
      await visit(page);
      const stops = await tabThrough(page, name);
      const offered = await page.locator("a[href], button, input, select").count();
      assert.ok(stops.length > 0 || offered === 0, "nothing can be reached");
    });
  }
});

test("the skip link is first and leads past the navigation", async () => {
  await scene.page.goto(`${scene.server.origin}/keys`);
  await scene.page.keyboard.press("Tab");
  await scene.page.keyboard.press("Enter");
  const inside = () => document.activeElement?.id === "main" || location.hash === "#main";
  assert.ok(await scene.page.evaluate(inside));
});
