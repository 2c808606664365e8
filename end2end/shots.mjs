// A picture of every page, light and dark, narrow and wide, into shots/ (which git ignores).
// Arguments are parts of the pages' names: only those are taken.
import { mkdir } from "node:fs/promises";
import { COLOURS, dress, launch, openPage, WIDTHS } from "./browser.mjs";
import { makeScene } from "./scene.mjs";

const wanted = process.argv.slice(2);
const browser = await launch();
const scene = await makeScene(browser);
try {
  await mkdir("shots", { recursive: true });
  const visitor = await openPage(browser);
  for (const { name, visit, signedIn } of scene.pages) {
    if (wanted.length && !wanted.some((part) => name.includes(part))) continue;
    const page = signedIn ? scene.page : visitor;
    await page.setViewportSize(WIDTHS.wide);
    await visit(page);
    for (const [width, size] of Object.entries(WIDTHS)) {
      for (const colorScheme of COLOURS) {
        await dress(page, size, colorScheme);
        const path = `shots/${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: width === "narrow" });
        console.log(path);
      }
    }
  }
} finally {
  await browser.close();
  await scene.stop();
}
