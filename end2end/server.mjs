// The server as a person would start it: the built binary, a free port, an empty data folder.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const READY_WITHIN = 20_000;

/** A free port, kept from everybody else until it is let go. */
async function keepPort() {
  const keeper = createServer().listen(0, "127.0.0.1");
  await once(keeper, "listening");
  const letGo = async () => {
    keeper.close();
    await once(keeper, "close");
  };
  return { port: keeper.address().port, letGo };
}

/**
 * Starts a server; `stop` ends it and removes its data. `prepare` is called before it starts, with
 * what `hands` gives: it can run commands on the same data and change the environment.
 */
export async function startServer({ prepare } = {}) {
  const program = process.env.XTASK_SERVER;
  if (!program) throw new Error("XTASK_SERVER names no server: run this through `cargo xtask test browser`");
  const data = await mkdtemp(join(tmpdir(), "loomwire-end2end-"));
  const { port, letGo } = await keepPort();
  const origin = `http://localhost:${port}`;
  const server = { origin, data, output: "" };
  const env = {
    PATH: process.env.PATH,
    LOOMWIRE_DATA: join(data, "data"),
    LOOMWIRE_LISTEN: `127.0.0.1:${port}`,
    LOOMWIRE_PUBLIC_URL: origin,
    LOOMWIRE_LOG__FORMAT: "json",
  };
  const start = (command) => {
    const child = spawn(program, command, { cwd: data, stdio: ["ignore", "pipe", "pipe"], env });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (server.output += text));
    }
    return child;
  };
  /** For what no command and no page can bring about. */
  // The server is writing too.
  const patient = ["-bail", "-cmd", ".timeout 10000"];
  server.sql = (text) => promisify(execFile)("sqlite3", [...patient, join(env.LOOMWIRE_DATA, "loomwire.db"), text]);
  let child;
  server.stop = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(data, { recursive: true, force: true });
    return child?.exitCode;
  };
  try {
    try {
      await prepare?.(hands(server, env, start));
    } finally {
      await letGo();
    }
    child = start(["serve"]);
    await ready(server, child);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** What can be done to a server that does not run: commands of its own, and of its database's. */
function hands(server, env, start) {
  /** Runs a command of ours and gives what it said; one that should fail has to. */
  const run = async (command, { fails = false } = {}) => {
    const before = server.output.length;
    const [code] = await once(start(command), "close");
    const said = server.output.slice(before);
    if ((code !== 0) !== fails) throw new Error(`loomwire ${command.join(" ")} ended with ${code}:\n${said}`);
    return said;
  };
  return { env, run, sql: server.sql };
}

async function ready(server, child) {
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${server.output}`);
    const answer = await fetch(`${server.origin}/readyz`).catch(() => undefined);
    if (answer?.ok) {
      const link = server.output.match(/https?:\/\/[^\s"'\\]+\/setup\/[^\s"'\\]+/);
      if (link) {
        server.setupLink = link[0];
        return;
      }
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the server was not ready, or printed no set-up link:\n${server.output}`);
}
