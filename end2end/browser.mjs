// Debian's Chromium, the browser's own virtual authenticator, axe, and the keyboard.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

// Chromium looks for its makers' hosts unless told not to.
const ARGUMENTS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const WIDTHS = { narrow: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } };
export const COLOURS = ["light", "dark"];

export async function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.XTASK_CHROMIUM ?? "/usr/bin/chromium",
    args: [...ARGUMENTS, ...more],
    // As root there is no sandbox to be had.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** A page whose console errors and failed requests are collected in `page.trouble`. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: WIDTHS.wide, reducedMotion: "reduce", ...options });
  // Ten seconds were too few once, on a page that takes milliseconds; why is not known.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.trouble = [];
  page.on("pageerror", (error) => page.trouble.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A refused form is a 4xx on purpose, which Chromium logs.
    const refusal = /the server responded with a status of 4\d\d/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !refusal) page.trouble.push(message.text());
  });
  return page;
}

/**
 * Gives the page a platform authenticator with a PIN that is always right; a security key with
 * `transport: "usb"`.
 */
export async function addAuthenticator(page, { transport = "internal" } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether it knows its user: finger, face or PIN. */
    verified: (isUserVerified) =>
      session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** Whether somebody touches it when it asks. */
    touched: (enabled) =>
      session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
    /** What it answers wrongly from now on: `isBogusSignature`, `isBadUV`, `isBadUP`. */
    lie: (bits) => session.send("WebAuthn.setResponseOverrideBits", { authenticatorId, ...bits }),
    /** Puts a passkey into it as another one gave it: a copy. */
    hold: (credential) => session.send("WebAuthn.addCredential", { authenticatorId, credential }),
    credentials: async () =>
      (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

const AXE = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const CONTRAST = ["color-contrast", "link-in-text-block"];

/** The page in one size and one set of colours, once nothing moves any more. */
export async function dress(page, size, colorScheme) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  // A colour that is inherited moves one level of the tree a frame, so that "nothing moves" has to
  // hold for some frames on end.
  await page.evaluate(async () => {
    for (let still = 0, frame = 0; still < 5 && frame < 200; frame += 1) {
      await new Promise(requestAnimationFrame);
      still = document.getAnimations().length === 0 ? still + 1 : 0;
    }
  });
}

/**
 * Fails with what axe finds on the page as it stands. In the dark only the colours differ, so that
 * only they are looked at again.
 */
export async function assertAccessible(page, where, colorScheme = "light") {
  // Past the page's own policy: the debugger may run what a script of the page may not.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await AXE);
  const runOnly = colorScheme === "dark" ? { type: "rule", values: CONTRAST } : { type: "tag", values: RULES };
  const { violations } = await page.evaluate((only) => globalThis.axe.run(document, { runOnly: only }), runOnly);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
  );
  assert.deepEqual(found, [], `axe on ${where}`);
}

/** Nothing sticks out sideways: no page scrolls in two directions. */
export async function assertFits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the window`);
}

/** Tabs through the page; gives what had the focus, in order, and fails where it cannot be seen. */
export async function tabThrough(page, where) {
  const stops = [];
  for (let count = 0; count < 150; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const marked = focused.dataset.tabStop;
      focused.dataset.tabStop = "1";
      const outlined = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      // The link of a row shows it around the row, a hidden radio button on the label around it.
      const bearers = [focused, focused.closest("label"), focused.closest("tr")].filter(Boolean);
      const styles = bearers.flatMap((bearer) => [getComputedStyle(bearer), getComputedStyle(bearer, "::after")]);
      return {
        name: `${focused.tagName.toLowerCase()} ${focused.ariaLabel ?? focused.textContent.trim().slice(0, 40)}`,
        visible: styles.some(outlined),
        again: marked === "1",
      };
    });
    if (!stop || stop.again) break;
    assert.ok(stop.visible, `${where}: the focus cannot be seen on "${stop.name}"`);
    stops.push(stop.name);
  }
  return stops;
}
