// Lighthouse on the pages that people see most: a table of scores, and 1 as the exit code where
// one is under 95. Arguments are parts of the pages' names: only those are measured.
//
// `is-crawlable` is left out: public/robots.txt turns every crawler away, as a private console
// must, and Lighthouse would count that against it.
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "../browser.mjs";
import { makeScene } from "../scene.mjs";

const LEAST = 95;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const PAGES = [
  "sign-in",
  "empty-overview",
  "overview",
  "verifications",
  "verification",
  "keys",
  "audit",
  "settings",
  "organisation-new",
  "jobs-failed",
  "backups",
  "backups-good",
  "hosted-consent",
];
const PORT = 9377;
/** A run on a machine that is busy may see no paint at all; that says nothing of the page. */
const TRIES = 3;

/** Lighthouse's own phone (slow network and processor, simulated), and its desktop. */
const FORMS = { phone: undefined, desktop: desktopConfig };

const wanted = process.argv.slice(2);
const chosen = PAGES.filter((name) => !wanted.length || wanted.some((part) => name.includes(part)));
const browser = await launch([`--remote-debugging-port=${PORT}`]);
const scene = await makeScene(browser);
let low = 0;
try {
  print(["page", "form", ...CATEGORIES, "LCP ms", "TBT ms", "CLS", "KB"]);
  for (const { name, visit, page } of scene.pages.filter((page) => chosen.includes(page.name))) {
    await visit();
    const cookie = page === scene.visitor ? undefined : await sessionCookie(page);
    for (const [form, config] of Object.entries(FORMS)) {
      await measure(name, form, config, page.url(), cookie);
    }
  }
} finally {
  await browser.close();
  await scene.stop();
}
process.exitCode = low ? 1 : 0;

/** The session, for Lighthouse's own tab: it empties the browser's store before each run. */
async function sessionCookie(page) {
  const cookies = await page.context().cookies(page.url());
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

async function measure(name, form, config, url, cookie) {
  const flags = {
    port: PORT,
    logLevel: "error",
    onlyCategories: CATEGORIES,
    skipAudits: ["is-crawlable"],
    ...(cookie ? { extraHeaders: { Cookie: cookie } } : {}),
  };
  const lhr = await run(url, flags, config);
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) {
    throw new Error(`${name} led to ${lhr.finalDisplayedUrl}`);
  }
  const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  const number = (audit, digits = 0) => lhr.audits[audit].numericValue.toFixed(digits);
  print([
    name,
    form,
    ...scores,
    number("largest-contentful-paint"),
    number("total-blocking-time"),
    number("cumulative-layout-shift", 3),
    (lhr.audits["total-byte-weight"].numericValue / 1024).toFixed(0),
  ]);
  explain(lhr);
  low += scores.filter((score) => score < LEAST).length;
}

async function run(url, flags, config) {
  for (let left = TRIES; left > 0; left -= 1) {
    const { lhr } = await lighthouse(url, flags, config);
    if (CATEGORIES.every((category) => lhr.categories[category].score !== null)) return lhr;
    console.log(`    again: ${lhr.runtimeError?.message ?? "an audit could not be made"}`);
  }
  throw new Error(`${url} could not be measured in ${TRIES} runs`);
}

/** What cost points. */
function explain(lhr) {
  for (const category of CATEGORIES) {
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const { score, title } = lhr.audits[id];
      if (weight > 0 && score !== null && score < 0.9) console.log(`    ${category}: ${title} (${id})`);
    }
  }
}

function print(cells) {
  const [name, form, ...rest] = cells;
  console.log(`${name.padEnd(18)}${form.padEnd(9)}${rest.map((cell) => String(cell).padStart(15)).join("")}`);
}
