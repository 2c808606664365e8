// What is kept, held, streamed and erased: the pages, in every state.
import { asking, formOf } from "./console.mjs";

const WHY = "Request of the court in Rotterdam, file 2026/118";

export async function addKept({ add, at }, server, member) {
  add("retention", at("/audit/retention"));
  add("retention-review", async (page) => {
    await at("/audit/retention")();
    await page.getByLabel("Audit events, days").fill("365");
    await page.getByRole("button", { name: "Review changes" }).click();
    await page.getByRole("heading", { name: "What changes" }).waitFor();
  });
  add("retention-refused", async (page) => {
    await at("/audit/retention")();
    await page.getByLabel("Audit events, days").fill("7");
    await page.getByRole("button", { name: "Review changes" }).click();
    await page.locator("#audit_events-error").waitFor();
  });
  add("hold-new", at("/audit/holds/new"));
  await hold(member, server);
  add("retention-held", at("/audit/retention"));
  add("hold-release", async (page) => {
    await at("/audit/retention")();
    await page.getByRole("link", { name: /^Release/ }).first().click();
    await page.getByRole("button", { name: "Release legal hold" }).waitFor();
  });
  add("streams-none", at("/staff/streams"));
  add("stream-new", at("/audit/streams/new"));
  add("stream-new-syslog", at("/audit/streams/new?kind=syslog"));
  add("stream-new-s3", at("/audit/streams/new?kind=s3"));
  add("stream-secret", (page) => stream(page, server, "Shown once"));
  await stream(member, server, "SIEM, production");
  await syslog(member, server);
  add("streams", at("/audit/streams"));
  add("stream-failing", async (page) => {
    await at("/audit/streams")();
    await page.getByRole("link", { name: "SIEM, production" }).first().click();
    await page.getByRole("button", { name: "Send a test event" }).click();
    await page.getByText("The test event did not get through").waitFor();
  });
  add("staff-retention", at("/staff/retention"));
  add("staff-hold-new", at("/staff/holds/new"));
  add("erasure", at("/staff/erasure"));
  add("erasure-unknown", at("/staff/erasure?user=somebody"));
}

async function hold(page, server) {
  await page.goto(`${server.origin}/audit/holds/new`);
  await page.getByLabel("From").fill("2026-01-01");
  await page.getByLabel("Why").fill(WHY);
  await page.getByRole("button", { name: "Place legal hold" }).click();
  await page.waitForURL((url) => url.pathname === "/audit/retention");
}

/** Nobody takes connections on this machine's port 9. */
async function stream(page, server, name) {
  await page.goto(`${server.origin}/audit/streams/new`);
  const form = formOf(page, "Make stream");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Address", { exact: true }).fill("http://127.0.0.1:9/audit");
  await form.getByLabel("Begin with the oldest event").check();
  await asking(form);
  await form.getByRole("button", { name: "Make stream" }).click();
  await page.getByText("This is the only time").waitFor();
}

async function syslog(page, server) {
  await page.goto(`${server.origin}/audit/streams/new?kind=syslog`);
  const form = formOf(page, "Make stream");
  await form.getByLabel("Name", { exact: true }).fill("Log server");
  await form.getByLabel("Host").fill("127.0.0.1");
  await form.getByLabel("Port").fill("9");
  await asking(form);
  await form.getByRole("button", { name: "Make stream" }).click();
  await page.waitForURL((url) => url.pathname === "/audit/streams");
}
