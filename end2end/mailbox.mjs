// The mails of an installation that sends none: its own page of them.

/** Waits for a mail and gives the addresses of its links, by their words. */
export async function mailTo(page, origin, address, subject) {
  const mail = page
    .locator(".card")
    .filter({ hasText: `To ${address}` })
    .filter({ hasText: subject })
    .first();
  for (let tries = 0; tries < 100; tries += 1) {
    await page.goto(`${origin}/dev/outbox`);
    if (await mail.count()) break;
    await page.waitForTimeout(100);
  }
  const links = await mail.locator("a").evaluateAll((all) => all.map((one) => [one.textContent.trim(), one.href]));
  return Object.fromEntries(links);
}

/** The one link of a mail whose path begins like this. */
export async function linkTo(page, origin, address, subject, path) {
  const links = Object.values(await mailTo(page, origin, address, subject));
  const found = links.find((link) => new URL(link).pathname.startsWith(path));
  if (!found) throw new Error(`the mail “${subject}” to ${address} has no link to ${path}: ${links}`);
  return found;
}
