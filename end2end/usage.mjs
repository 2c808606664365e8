// The log of requests, a report with a fault, and the quota that staff set.

/** Calls were made before; a line takes up to five seconds to appear. */
export function addUsage({ add, at }) {
  const atRequests = async (page) => {
    await at("/usage/requests")();
    while (!(await page.getByRole("table").count())) await page.reload();
  };
  add("usage-requests", atRequests);
  add("usage-request", async (page) => {
    await atRequests(page);
    await page.locator(".row-link").first().click();
    await page.waitForURL(/\/usage\/requests\/req_/);
  });
  add("usage-requests-none", at("/usage/requests?status=500"));
  add("usage-request-unknown", at(`/usage/requests/req_${"0".repeat(26)}`));
  add("usage-report-refused", at("/usage/report?from=2020-01-01&environment=both"));
  add("quota", async (page) => {
    await at("/staff/organisations")();
    await page.getByRole("link", { name: /^Set quota of/ }).first().click();
    await page.waitForURL(/\/quota$/);
  });
}
