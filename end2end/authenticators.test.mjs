// Authenticators that do what they should not: nobody gets in by any of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addAuthenticator, launch, openPage } from "./browser.mjs";
import { atOverview, setUp, signOut, withoutAutofill } from "./console.mjs";
import { startServer } from "./server.mjs";

const REFUSED = "This passkey was not accepted.";

let browser;
let server;
let owner;
let own;

before(async () => {
  server = await startServer();
  browser = await launch();
  owner = await openPage(browser);
  await withoutAutofill(owner);
  own = await addAuthenticator(owner);
  await setUp(owner, server.setupLink);
  // Each use counts up: what follows has a counter to fall behind.
  for (let uses = 0; uses < 2; uses += 1) {
    await signOut(owner);
    await signIn(owner);
    await atOverview(owner);
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Another browser, whose authenticator holds a copy of the owner's passkey. */
async function stranger(change = {}) {
  const page = await openPage(browser);
  await withoutAutofill(page);
  const authenticator = await addAuthenticator(page);
  const [credential] = await own.credentials();
  await authenticator.hold({ ...credential, signCount: credential.signCount + 100, ...change });
  return { page, authenticator };
}

async function signIn(page) {
  await page.goto(`${server.origin}/sign-in`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
}

/** The page says so, and there is no session. */
async function assertRefused(page, text) {
  await page.getByRole("alert").filter({ hasText: text }).waitFor();
  const cookies = await page.context().cookies();
  assert.ok(!cookies.some(({ name }) => name.includes("session")), "there is a session's cookie");
  await page.goto(`${server.origin}/keys`);
  assert.equal(new URL(page.url()).pathname, "/sign-in", "somebody got in");
  await page.context().close();
}

test("a bogus signature is refused", async () => {
  const { page, authenticator } = await stranger();
  await authenticator.lie({ isBogusSignature: true });
  await signIn(page);
  await assertRefused(page, REFUSED);
});

test("an answer without user verification is refused", async () => {
  const { page, authenticator } = await stranger();
  await authenticator.lie({ isBadUV: true });
  await signIn(page);
  await assertRefused(page, REFUSED);
});

test("an authenticator that does not know its user gives no answer", async () => {
  const { page, authenticator } = await stranger();
  await authenticator.verified(false);
  await signIn(page);
  await assertRefused(page, "cancelled or timed out");
});

test("a passkey that nobody enrolled is refused", async () => {
  const { page } = await stranger({ credentialId: Buffer.from("never enrolled here").toString("base64") });
  await signIn(page);
  await assertRefused(page, REFUSED);
});

test("a counter that falls is refused, and the owner is told of a possible copy", async () => {
  const [{ signCount }] = await own.credentials();
  const { page } = await stranger({ signCount: signCount - 2 });
  await signIn(page);
  await assertRefused(page, REFUSED);
  const told = owner.locator(".card").filter({ hasText: "may have been copied" });
  for (let tries = 0; tries < 100; tries += 1) {
    await owner.goto(`${server.origin}/dev/outbox`);
    if (await told.count()) break;
    await owner.waitForTimeout(100);
  }
  assert.equal(await told.count(), 1);
});

test("a challenge answers once: the same answer again is refused", async () => {
  await signOutIfIn();
  await owner.goto(`${server.origin}/sign-in`);
  const [sent] = await Promise.all([
    owner.waitForRequest((request) => request.url().endsWith("/fn/sign_in/finish")),
    owner.getByRole("button", { name: "Sign in with a passkey" }).click(),
  ]);
  await atOverview(owner);
  await assertFinishRefused(sent.postDataJSON());
});

test("one ceremony's answer is no answer to another's challenge", async () => {
  await signOutIfIn();
  await owner.goto(`${server.origin}/sign-in`);
  const [sent] = await Promise.all([
    owner.waitForRequest((request) => request.url().endsWith("/fn/sign_in/finish")),
    owner.getByRole("button", { name: "Sign in with a passkey" }).click(),
  ]);
  await atOverview(owner);
  const { ceremony } = await begin();
  await assertFinishRefused({ ...sent.postDataJSON(), ceremony });
});

test("under another host name the browser does not offer the passkey", async () => {
  const page = await openPage(browser);
  await withoutAutofill(page);
  await addAuthenticator(page);
  await onOrigin(page, "http://evil.localhost:9");
  const { options } = await begin();
  const thrown = await answer(page, { ...JSON.parse(options).publicKey, rpId: "other.example" });
  assert.equal(thrown.error, "SecurityError");
  await page.context().close();
});

test("an answer that another origin got by relay is refused", async () => {
  const { page } = await stranger();
  // The same relying party to the browser, which knows no ports: only the server can tell.
  await onOrigin(page, "http://localhost:9");
  const { ceremony, options } = await begin();
  const { credential } = await answer(page, JSON.parse(options).publicKey);
  assert.ok(credential, "the browser gave no answer to be relayed");
  const { origin } = JSON.parse(Buffer.from(JSON.parse(credential).response.clientDataJSON, "base64url"));
  assert.equal(origin, "http://localhost:9");
  await assertFinishRefused({ ceremony, credential });
  await page.context().close();
});

async function signOutIfIn() {
  await owner.goto(server.origin);
  if (new URL(owner.url()).pathname === "/") await signOut(owner);
}

/** Calls a function of the server as no browser: with the headers that one would send. */
async function call(name, body) {
  return fetch(`${server.origin}/fn/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, "sec-fetch-site": "same-origin" },
    body: JSON.stringify(body),
  });
}

async function begin() {
  const answered = await call("sign_in/begin", {});
  assert.equal(answered.status, 200);
  return answered.json();
}

async function assertFinishRefused(body) {
  const answered = await call("sign_in/finish", body);
  const said = await answered.text();
  assert.ok([401, 404, 409, 410].includes(answered.status), `it answers ${answered.status}: ${said}`);
  assert.equal(answered.headers.get("set-cookie"), null);
}

/** An empty page of another origin. */
async function onOrigin(page, origin) {
  await page.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: "<title>Other</title>" }));
  await page.goto(`${origin}/`);
}

/** What the browser answers to a challenge there. */
async function answer(page, publicKey) {
  return page.evaluate(async (json) => {
    try {
      const asked = globalThis.PublicKeyCredential.parseRequestOptionsFromJSON(json);
      const given = await navigator.credentials.get({ publicKey: asked });
      return { credential: JSON.stringify(given.toJSON()) };
    } catch (error) {
      return { error: error.name };
    }
  }, publicKey);
}
