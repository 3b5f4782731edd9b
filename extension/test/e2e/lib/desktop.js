// A person's desktop session, made for one test: a home, a runtime folder, a
// session bus with nothing to activate, and a real Secret Service that is
// unlocked, locked or absent. Nothing of the machine's own session is reached.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit, pause, signal, start, until, withArgument, withEnvironment } from "./processes.js";

/** @typedef {"unlocked" | "locked" | "absent"} Keyring */
/** @typedef {Awaited<ReturnType<typeof startDesktop>>} Desktop */

const password = "keyring of a test";

/** @param {{keyring?: Keyring}} [options] */
export async function startDesktop({ keyring = "unlocked" } = {}) {
  // Short: a socket's path has room for 100 bytes.
  const root = mkdtempSync(join(tmpdir(), "readmit-e2e-"));
  const place = (/** @type {string} */ name) => {
    mkdirSync(join(root, name), { mode: 0o700 });
    return join(root, name);
  };
  const home = place("home");
  const runtime = place("run");
  const marker = `READMIT_RUNTIME_DIR=${join(root, "r")}`;
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    TZ: "UTC",
    HOME: home,
    TMPDIR: place("tmp"),
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(runtime, "bus")}`,
    READMIT_CONFIG_DIR: place("c"),
    READMIT_STATE_DIR: place("s"),
    READMIT_RUNTIME_DIR: place("r"),
  };
  // Ends what is left, as long as it takes for what was being started meanwhile.
  const killAll = () => {
    for (let pass = 0; pass < 40; pass++) {
      // A browser's helpers write their names over their environment.
      const left = new Set([...withEnvironment(marker), ...withArgument(root)]);
      if (left.size === 0) return;
      for (const pid of left) signal(pid, "SIGKILL");
      pause(50);
    }
  };
  const clean = () => {
    killAll();
    removeFolder(root);
  };
  const forget = atExit(clean);

  const busConfig = join(root, "bus.conf");
  writeFileSync(busConfig, `<busconfig><type>session</type><listen>${env.DBUS_SESSION_BUS_ADDRESS}</listen>
    <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`);
  const bus = start("dbus-daemon", [`--config-file=${busConfig}`, "--nofork", "--nopidfile", "--print-address"], { env });
  await firstLine(bus);

  /** @type {ReturnType<typeof start> | null} */
  let daemon = null;

  /**
   * Put the keyring into a state, as a login, a lock or a missing service would.
   * @param {Keyring} state
   */
  async function setKeyring(state) {
    await daemon?.stop();
    daemon = null;
    await until("the Secret Service to leave the bus", async () => !await ownsSecrets());
    if (state === "absent") return;
    daemon = start("gnome-keyring-daemon",
      [state === "unlocked" ? "--unlock" : "--start", "--foreground", "--components=secrets"], { env });
    daemon.child.stdin.end(state === "unlocked" ? password : "");
    const want = `boolean ${state === "locked"}`;
    await until(`the keyring to be ${state} (${daemon.talk()})`, async () =>
      await ownsSecrets() && (await ask("/org/freedesktop/secrets/collection/login", "org.freedesktop.DBus.Properties.Get",
        "string:org.freedesktop.Secret.Collection", "string:Locked")).includes(want));
  }

  const ownsSecrets = async () => (await ask("/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
    "string:org.freedesktop.secrets")).includes("boolean true");

  /**
   * @param {string} path
   * @param {string} method
   * @param {string[]} args
   */
  async function ask(path, method, ...args) {
    const to = path === "/org/freedesktop/DBus" ? "org.freedesktop.DBus" : "org.freedesktop.secrets";
    const call = start("dbus-send", ["--session", "--print-reply", "--reply-timeout=2000", `--dest=${to}`, path, method, ...args], { env });
    let reply = "";
    call.child.stdout.on("data", (chunk) => { reply += chunk; });
    await call.ended;
    return reply;
  }

  if (keyring !== "absent") {
    // The login keyring is made by the first unlocking, as at the first login.
    await setKeyring("unlocked");
    if (keyring === "locked") await setKeyring("locked");
  }

  return {
    root,
    env,
    setKeyring,

    /**
     * Stop the keyring in its tracks, as one that waits for something itself.
     * @returns {() => void} let it go on
     */
    stopKeyring() {
      const pid = /** @type {number} */ (daemon?.child.pid);
      signal(pid, "SIGSTOP");
      return () => { signal(pid, "SIGCONT"); };
    },

    /**
     * The readmit processes of this desktop.
     * @param {"readmit-agent" | "readmit-host"} program
     */
    pids: (program) => withEnvironment(marker, program),

    /**
     * The memory that the processes of a program hold, all of them together.
     * @param {"readmit-agent" | "readmit-host"} program
     */
    residentKiB: (program) => withEnvironment(marker, program).reduce((sum, pid) =>
      sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0), 0),

    /**
     * Wait for a readmit process of this desktop and signal all of that name.
     * @param {"readmit-agent" | "readmit-host"} program
     * @param {NodeJS.Signals} name
     * @returns {Promise<number[]>} the process ids
     */
    async signal(program, name) {
      const pids = await until(`${program} to run`, () => {
        const found = withEnvironment(marker, program);
        return found.length > 0 && found;
      });
      for (const pid of pids) signal(pid, name);
      return pids;
    },

    async close() {
      await daemon?.stop();
      await bus.stop();
      clean();
      forget();
    },
  };
}

/**
 * Remove a folder in which something may still be written for a moment.
 * @param {string} folder
 */
function removeFolder(folder) {
  for (let left = 100; ; left--) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0) throw error;
      pause(100);
    }
  }
}

/**
 * @param {ReturnType<typeof start>} process
 * @returns {Promise<string>} the first line of its stdout
 */
export function firstLine(process) {
  return new Promise((resolve, reject) => {
    let text = "";
    process.child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    void process.ended.then((code) => reject(new Error(`${process.child.spawnfile} ended with ${code}: ${process.talk()}`)));
  });
}
