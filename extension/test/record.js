// Records what the real servers answer, as raw HTTP, for the tests of `readmit
// explain` that run without them.
//
// Usage: node test/record.js <folder>

import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTLS } from "node:tls";
import { account, startApache, startNginx, startNginxWithCertificates, startSquid } from "./e2e/lib/servers.js";

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node test/record.js <folder>");
mkdirSync(folder, { recursive: true });

const basic = `Authorization: Basic ${Buffer.from(`${account.user}:${account.password}`).toString("base64")}`;
const wrong = `Authorization: Basic ${Buffer.from(`${account.user}:wrong`).toString("base64")}`;

/**
 * One exchange, written as it went over the wire; the port, which differs each
 * time, is left out.
 * @param {import("./e2e/lib/servers.js").Server} server
 * @param {string} name
 * @param {string} target
 * @param {string[]} [fields]
 */
async function record(server, name, target, fields = []) {
  const { hostname, protocol } = new URL(target.startsWith("http:") ? target : server.url(target));
  const request = [`GET ${target} HTTP/1.1`, `Host: ${hostname}`, "Accept: text/html", ...fields, "Connection: close", "", ""].join("\r\n");
  const socket = protocol === "https:"
    ? connectTLS({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false }) : connect(server.port, "127.0.0.1");
  socket.write(request);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  writeFileSync(join(/** @type {string} */ (folder), `${name}.http`), (request + answer).replaceAll(String(server.port), "80"));
}

const [apache, nginx, certificates, squid] = await Promise.all([startApache(), startNginx(), startNginxWithCertificates(), startSquid()]);
try {
  await record(apache, "apache-basic", "/basic/");
  await record(apache, "apache-basic-wrong", "/basic/", [wrong]);
  await record(apache, "apache-digest", "/digest/");
  await record(apache, "apache-form", "/form/");
  await record(apache, "apache-require-user", "/admin/", [basic]);
  await record(apache, "apache-require-ip", "/network/");
  await record(apache, "apache-no-listing", "/files/");
  await record(nginx, "nginx-basic", "/basic/");
  await record(nginx, "nginx-basic-wrong", "/basic/", [wrong]);
  await record(nginx, "nginx-auth-request-401", "/gate/");
  await record(nginx, "nginx-auth-request-403", "/role/");
  await record(nginx, "nginx-deny", "/closed/");
  await record(certificates, "nginx-certificate", "/");
  await record(squid, "squid-denied", "http://games.example/");
} finally {
  for (const server of [apache, nginx, certificates, squid]) await server.close();
}
