// Alerts: the pages, in every state.
import { asking, formOf } from "./console.mjs";

/** Nothing is watched yet. */
export function addNoAlerts({ add, at }) {
  add("empty-alerts", at("/alerts"));
  add("empty-alert-channels", at("/alerts/channels"));
  // Without quota and price some kinds are not offered, and say why.
  add("alert-kinds", at("/alerts/new"));
}

/** Much is, some fires. */
export function addFullAlerts({ add, at }) {
  const open = (name) => async (page) => {
    await at("/alerts")();
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name: "The last 30 days" }).waitFor();
  };
  add("alerts", at("/alerts"));
  add("alert-firing", open("Keys that nobody uses"));
  add("alert-acknowledged", open("Errors of live calls"));
  add("alert-explained", open("Unusual traffic"));
  add("alert-table", async (page) => {
    await open("Unusual traffic")(page);
    await page.getByRole("link", { name: "Table" }).click();
    await page.waitForURL(/view=table/);
  });
  add("alert-day", async (page) => {
    await open("Slow answers")(page);
    await page.locator(".chart-day").nth(12).focus();
  });
  add("alert-edit", async (page) => {
    await open("Unusual traffic")(page);
    await page.getByRole("link", { name: "Change" }).click();
    await page.waitForURL(/\/edit$/);
  });
  add("alert-channels", at("/alerts/channels"));
  add("alert-channel", async (page) => {
    await at("/alerts/channels")();
    await page.getByRole("link", { name: "On call" }).click();
    await page.getByRole("heading", { name: "Recent messages" }).waitFor();
  });
  add("alert-preview", async (page) => {
    await at("/alerts/new?kind=anomaly")();
    await page.getByRole("button", { name: "Preview the last 30 days" }).click();
    await page.getByText(/fired/).first().waitFor();
  });
}

/** What is refused, and what fails. */
export function addAlerts({ add, at }, server) {
  add("alert-new", at("/alerts/new?kind=error_rate"));
  add("alert-unknown", at(`/alerts/alr_${"0".repeat(26)}`));
  add("alert-channel-unknown", at(`/alerts/channels/alc_${"0".repeat(26)}`));
  add("alert-refused", async (page) => {
    await at("/alerts/new?kind=requests")();
    await page.getByLabel("Warning, in calls").fill("100");
    await page.getByLabel("Critical, in calls").fill("NaN");
    await page.getByRole("button", { name: "Save alert" }).click();
    await page.locator("#critical-error").waitFor();
  });
  add("alert-preview-quiet", async (page) => {
    await at("/alerts/new?kind=error_rate")();
    await page.getByRole("button", { name: "Preview the last 30 days" }).click();
    await page.getByText("would not have fired").waitFor();
  });
  add("alert-channel-new", at("/alerts/channels/new"));
  add("alert-channel-secret", async (page) => {
    await channel(page, server, "Program", "http://127.0.0.1:9/in");
    await page.getByText("This is the only time").waitFor();
  });
  add("alert-channel-refused", async (page) => {
    await channel(page, server, "Program", "http://shop.example.com/in");
    await page.locator("#url-error").waitFor();
  });
  // Nobody takes connections on this machine's port 9.
  add("alert-channel-test-failed", async (page) => {
    await at("/alerts/channels")();
    await page.getByRole("link", { name: "Program" }).first().click();
    await page.getByRole("button", { name: "Send a test message" }).click();
    await page.getByText("The test message did not get through").waitFor();
  });
}

async function channel(page, server, name, url) {
  await page.goto(`${server.origin}/alerts/channels/new`);
  const form = formOf(page, "Make channel");
  await form.getByRole("radio", { name: /^Webhook/ }).check();
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Address", { exact: true }).fill(url);
  await asking(form);
  await form.getByRole("button", { name: "Make channel" }).click();
}
