// What has happened to a server before it starts: each is a `prepare` of `startServer`.
import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

// Enough for two digits a day and for pages of a list; a debug build makes them in seconds.
const INVENTED = ["demo", "--scale", "6000"];
const OWNER = "(SELECT id FROM users WHERE staff_role = 'operator_admin')";

/** Ninety invented days, jobs that were given up, a good backup and a drill that proved it. */
export async function busyLife({ env, run, sql }) {
  await run(INVENTED);
  await sql(failedJobs());
  await keepBackups({ env, run });
  const [file] = await readdir(folder(env));
  await run(["restore", join(folder(env), file), "--identity", identity(env), "--drill"]);
}

/** Where anybody can make an account. */
export async function signUpOffered({ env }) {
  env.LOOMWIRE_ACCOUNTS__SIGN_UP = "true";
}

/** As seen by somebody who may do little: the demo's owner, who only answers questions now. */
export async function supportLife({ run, sql }) {
  await run(["demo", "--scale", "200"]);
  await sql(`UPDATE memberships SET role = 'support' WHERE user_id = ${OWNER};
    UPDATE users SET staff_role = NULL WHERE staff_role IS NOT NULL;`);
}

/** Backups went well until their folder was no folder any more. */
export async function backupsFailed({ env, run }) {
  await run(["migrate"]);
  await keepBackups({ env, run });
  await rename(folder(env), `${folder(env)}.before`);
  await writeFile(folder(env), "");
  await run(["backup"], { fails: true });
}

/** Backups that fail, and a witness that does not answer: nobody listens on port 9. */
export async function troubled(hands) {
  await backupsFailed(hands);
  const { env, run } = hands;
  const told = await run(["witness", "keygen", join(env.LOOMWIRE_DATA, "witness.key"), "--name", "witness.example.test"]);
  env.LOOMWIRE_LEDGER__WITNESS = `http://127.0.0.1:9 ${told.match(/witness\.example\.test\+[^\s"]+/)[0]}`;
}

async function keepBackups({ env, run }) {
  const told = await run(["backup", "keygen", identity(env)]);
  env.LOOMWIRE_BACKUP__RECIPIENTS = told.match(/age1[0-9a-z]+/)[0];
  await run(["backup"]);
}

const folder = (env) => join(env.LOOMWIRE_DATA, "backups");
const identity = (env) => join(env.LOOMWIRE_DATA, "identity.txt");

/** Jobs fail for good only where something outside of us is broken. */
function failedJobs() {
  const hour = 3_600_000;
  const rows = [
    ["verification.expire", "error returned from database: (code: 13) database or disk is full", 2],
    ["verification.forget_device", "error returned from database: (code: 5) database is locked", 30],
    ["webhook.deliver", "This version of Loomwire does not know the job.", 200],
  ];
  const values = rows.map(([kind, error, hours], index) => {
    const [id, at] = [`job_${String(index + 1).padStart(26, "0")}`, Date.now() - hours * hour];
    return `('${id}', '${kind}', '', 'failed', ${at}, 8, '${error}', ${at - 2 * hour}, ${at})`;
  });
  return `INSERT INTO jobs (id, kind, payload, state, run_at, attempts, last_error, created_at, updated_at)
    VALUES ${values.join(", ")};`;
}
