// A picture of every page in every state, light and dark, narrow and wide, into shots/ (which git
// ignores). Arguments are parts of the pages' names: only those are taken.
import { mkdir, rm } from "node:fs/promises";
import { COLOURS, dress, launch, WIDTHS } from "./browser.mjs";
import { makeScene } from "./scene.mjs";

const wanted = process.argv.slice(2);
const browser = await launch();
const scene = await makeScene(browser);
try {
  // What is no page any more should not be looked at.
  if (!wanted.length) await rm("shots", { recursive: true, force: true });
  await mkdir("shots", { recursive: true });
  for (const { name, page, visit } of scene.pages) {
    if (wanted.length && !wanted.some((part) => name.includes(part))) continue;
    await page.setViewportSize(WIDTHS.wide);
    await visit();
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
