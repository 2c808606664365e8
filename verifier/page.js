// "Verify in your browser", on the page of an audit event (app/src/components/verify.rs).
//
// It fetches the event's proof, has the `verifier` module check it (WebAssembly, loaded only
// when somebody asks), and shows every step in words. It keeps the log's keys and the longest
// checkpoint that it has seen in localStorage: the next check is held against them, so that an
// installation that rewrites its log, or shows this browser another one, is found out.

const MEMORY = "loomwire-ledger";

const TITLES = {
  keys: "The keys",
  event: "The event",
  personal: "Personal values",
  proof: "The proof",
  checkpoint: "The checkpoint",
  witnesses: "Witnesses",
  path: "The path",
  consistency: "Compared with before",
};

const section = document.getElementById("verify");
const button = section?.querySelector("[data-verify]");
const forget = section?.querySelector("[data-forget]");
const steps = section?.querySelector("[data-steps]");
const verdict = section?.querySelector("[data-verdict]");

/** What this browser keeps of the log: `{ origin, size, note, logs }`, or null. */
function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(MEMORY));
    const sound = kept && typeof kept.note === "string" && Number.isSafeInteger(kept.size) && Array.isArray(kept.logs);
    return sound ? kept : null;
  } catch {
    return null;
  }
}

/** Gives whether it could be kept: a private window may refuse. */
function remember(kept) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

function show({ name, state, words }) {
  const item = document.createElement("li");
  item.dataset.state = state;
  const title = document.createElement("strong");
  title.textContent = TITLES[name] ?? name;
  // A word beside the colour: not everybody sees one.
  const mark = { ok: "✓ Good", bad: "✗ Wrong", note: "Note" }[state];
  if (mark) title.append(` · ${mark}`);
  const text = document.createElement("p");
  text.textContent = words;
  item.append(title, text);
  steps.append(item);
}

function conclude(state, words) {
  verdict.dataset.state = state;
  verdict.textContent = words;
}

/** What it means that something is marked as wrong. */
function meaning(proven) {
  return proven
    ? "The event is in the log that is shown now, but that log does not continue the one that this browser saw before: entries were taken away or changed, or the installation was set up anew. Only if you know that it was, choose Forget and verify again."
    : "Where it says Wrong above, the event, its proof or the signed checkpoint was changed, or was damaged on its way.";
}

/** The checkpoint of a C2SP tlog-proof: what is behind its first empty line. */
function checkpointOf(proof) {
  return proof.slice(proof.indexOf("\n\n") + 2);
}

async function fetchProof(before) {
  const from = before ? `?from=${before.size}` : "";
  const answer = await fetch(`${section.dataset.proof}${from}`, {
    headers: { accept: "application/json" },
    cache: "no-store",
  });
  const body = await answer.json().catch(() => null);
  if (!answer.ok || !body?.bundle) {
    throw new Error(body?.error?.message ?? body?.message ?? `The installation answered ${answer.status}.`);
  }
  return body;
}

/** Whether the log that is shown now is the one that this browser saw before. */
function compare(checker, before, answer, note, logs) {
  if (!before) {
    show({
      name: "consistency",
      state: "note",
      words:
        "This browser had not seen this log before. It keeps the checkpoint and the key, and holds every later check against them.",
    });
    return true;
  }
  if (!answer.consistency) {
    show({
      name: "consistency",
      state: "bad",
      words: `This browser has seen a signed log of ${before.size} entries, and the installation cannot show how it goes on. Entries were taken away, or another log is shown. Keep the checkpoint that is stored here.`,
    });
    return false;
  }
  const result = JSON.parse(checker.consistency(before.note, note, answer.consistency.join("\n"), logs));
  result.steps.forEach(show);
  return result.ok;
}

async function verify() {
  const before = remembered();
  const [checker, answer] = await Promise.all([import(section.dataset.checker), fetchProof(before)]);
  await checker.default({ module_or_path: section.dataset.module });
  // The first key is believed; from then on it is the remembered one that counts.
  const keys = before ? before.logs : answer.logs;
  const logs = keys.join("\n");
  const result = JSON.parse(checker.inclusion(JSON.stringify(answer.bundle), logs, answer.witnesses.join("\n"), 0));
  result.steps.forEach(show);
  const note = checkpointOf(answer.bundle.proof);
  const same = result.ok && compare(checker, before, answer, note, logs);
  if (!result.ok || !same) {
    forget.hidden = !before;
    conclude("bad", `Not verified. ${meaning(result.ok)} Do not rely on this event: download the proof, keep this page and tell your auditor.`);
    return;
  }
  const longer = !before || result.size >= before.size;
  const kept = !longer || remember({ origin: result.origin, size: result.size, note, logs: keys });
  const memory = kept ? "" : " This browser lets nothing be kept, so that the next check begins anew.";
  conclude("ok", `Verified: the event is in the log, unchanged.${memory}`);
}

async function run() {
  button.disabled = true;
  section.setAttribute("aria-busy", "true");
  steps.replaceChildren();
  verdict.textContent = "";
  delete verdict.dataset.state;
  forget.hidden = true;
  try {
    await verify();
  } catch (error) {
    conclude("bad", `It could not be checked. ${error.message}`);
  } finally {
    section.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

if (section && button && forget && steps && verdict) {
  button.addEventListener("click", run);
  forget.addEventListener("click", () => {
    localStorage.removeItem(MEMORY);
    run();
  });
}
