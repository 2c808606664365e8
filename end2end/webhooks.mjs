// Webhooks: the pages, in every state.
import { asking, formOf } from "./console.mjs";

export function addWebhooks({ add, at }, server) {
  add("webhook-new", at("/webhooks/new"));
  add("webhook-refused", async (page) => {
    await webhook(page, server, "http://shop.example.com/in", "Shop");
    await page.locator("#url-error").waitFor();
  });
  add("webhook-secret", async (page) => {
    await webhook(page, server, "http://127.0.0.1:9/in", "Shop, staging");
    await page.getByText("This is the only time").waitFor();
  });
  add("webhooks", at("/webhooks"));
  const open = async (page) => {
    await at("/webhooks")(page);
    await page.getByRole("link", { name: "http://127.0.0.1:9/in" }).first().click();
    await page.getByRole("heading", { name: "How it stands" }).waitFor();
  };
  add("webhook", open);
  // Nobody takes connections on this machine's port 9.
  add("webhook-test-failed", async (page) => {
    await open(page);
    await page.getByRole("button", { name: "Send a test event" }).click();
    await page.getByText("The test event did not get through").waitFor();
  });
  add("webhook-none-delivered", async (page) => {
    await open(page);
    await page.getByRole("link", { name: "Delivered", exact: true }).click();
    await page.getByText("None. Choose another state.").waitFor();
  });
  add("webhook-delivery", async (page) => {
    await open(page);
    await page.getByRole("link", { name: "webhook.test" }).first().click();
    await page.getByRole("heading", { name: "Attempt 1" }).waitFor();
  });
  add("webhook-rotated", async (page) => {
    await open(page);
    const form = formOf(page, "Rotate secret");
    // Not while two sign already.
    if (await form.count()) {
      await asking(form);
      await form.getByRole("button", { name: "Rotate secret" }).click();
      await page.getByText("This is the only time").waitFor();
    }
  });
  add("webhook-two-secrets", open);
  add("webhook-disabled", async (page) => {
    await open(page);
    const form = formOf(page, "Disable webhook");
    if (await form.count()) {
      await asking(form);
      await form.getByRole("button", { name: "Disable webhook" }).click();
      await page.getByText("The webhook is disabled.").waitFor();
    }
  });
}

/** The invented life's: one that takes what it is told, one that has not for some hours. */
export function addFullWebhooks({ add, at }) {
  const open = (name) => async (page) => {
    await at("/webhooks")(page);
    await page.getByRole("link", { name }).first().click();
    await page.waitForURL(/\/webhooks\/whk_/);
  };
  add("webhooks-full", at("/webhooks"));
  add("webhook-full", open(/shop\.aldermoor/));
  add("webhook-failing", open(/ledger\.aldermoor/));
  add("webhook-delivery-retried", async (page) => {
    await open(/ledger\.aldermoor/)(page);
    await page.getByRole("link", { name: "verification.completed" }).first().click();
    await page.getByRole("heading", { name: "Attempt 1" }).waitFor();
  });
}

async function webhook(page, server, url, description) {
  await page.goto(`${server.origin}/webhooks/new`);
  const form = formOf(page, "Make webhook");
  await form.getByLabel("Address", { exact: true }).fill(url);
  await form.getByLabel("Description", { exact: true }).fill(description);
  await asking(form);
  await form.getByRole("button", { name: "Make webhook" }).click();
}
