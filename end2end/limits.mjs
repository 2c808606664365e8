// Limits of an organisation's own: none, in use, and the form with a fault.
import { asking, formOf } from "./console.mjs";

export function addLimits({ add, at }, server) {
  add("key-limits-none", async (page) => {
    await at("/keys/limits")();
    // Once there are some, the page is that of "key-limits".
    await page.getByRole("heading", { name: "Limits", exact: true }).waitFor();
  });
  add("key-limit-new", at("/keys/limits/new"));
  add("key-limit-refused", async (page) => {
    await page.goto(`${server.origin}/keys/limits/new`);
    const form = formOf(page, "Create limit");
    await form.getByLabel("Name", { exact: true }).fill("Nightly Batch");
    await form.getByLabel("POST /verify/start").fill("5000");
    await asking(form);
    await form.getByRole("button", { name: "Create limit" }).click();
    await page.locator("#name-error").waitFor();
  });
  add("key-limits", async (page) => {
    await at("/keys/limits")();
    if (await page.getByRole("table").count()) return;
    await page.goto(`${server.origin}/keys/limits/new`);
    const form = formOf(page, "Create limit");
    await form.getByLabel("Name", { exact: true }).fill("nightly-batch");
    await form.getByLabel("POST /verify/start").fill("10");
    await form.getByLabel("GET /verify/status").fill("0");
    await asking(form);
    await form.getByRole("button", { name: "Create limit" }).click();
    await page.getByRole("table").waitFor();
  });
  add("key-limit", async (page) => {
    await at("/keys/limits")();
    await page.getByRole("link", { name: "Change nightly-batch" }).click();
    await page.getByRole("button", { name: "Remove limit" }).waitFor();
  });
}
