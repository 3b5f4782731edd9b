// A site that tries to get at a password that is not its own: other ports,
// schemes and origins, parts and frames of other sites, redirects, challenges
// that change, pages that nag. It counts what was sent to it. http and https
// are served on one port, so that nothing but the scheme tells two origins
// apart; a second port is another origin.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./processes.js";

/** @typedef {Awaited<ReturnType<typeof startTrap>>} Trap */
/** @typedef {{host: string, path: string, method: string, scheme: string}} Seen scheme: of the Authorization field, "" for none */

/** The one account of the site. */
export const account = Object.freeze({ user: "anna", password: "correct horse" });
const basic = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString("base64")}`;
const maxSeen = 5000;
const maxNags = 20;

/**
 * @param {string} title
 * @param {string} [body]
 */
const page = (title, body = "") => `<!doctype html><meta charset="utf-8"><title>${title}</title><p>${title}</p>${body}`;

// Answers everything by asking the network, as many sites' workers do.
const worker = `addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`;

/** @param {number} length @param {number} offset */
const field = (length, offset) => Buffer.from([length, 0, length, 0, offset, 0, 0, 0]);

// An NTLM challenge message of the domain TRAP (MS-NLMP 2.2.1.2): enough for a
// browser to send the answer, which is not verified here.
const domain = Buffer.from("TRAP", "utf16le");
const ntlmChallenge = Buffer.concat([
  Buffer.from("NTLMSSP\0", "latin1"), Buffer.from([2, 0, 0, 0]), field(8, 48), Buffer.from([0x05, 0x82, 0x89, 0x00]),
  Buffer.from("12345678", "latin1"), Buffer.alloc(8), field(16, 56), domain,
  Buffer.from([2, 0, 8, 0]), domain, Buffer.alloc(4), // MsvAvNbDomainName, MsvAvEOL
]).toString("base64");

export async function startTrap() {
  const dir = mkdtempSync(join(tmpdir(), "readmit-trap-"));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1", "-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")], { stdio: "ignore" });
  const tls = { key: readFileSync(join(dir, "key.pem")), cert: readFileSync(join(dir, "cert.pem")) };
  rmSync(dir, { recursive: true, force: true });

  /** @type {Seen[]} */
  let seen = [];
  let realm = "Trap";
  /** @type {string[]} */
  let challenges = [];
  let nags = 0;
  let going = false;

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  function answer(request, response) {
    const url = new URL(request.url ?? "/", "http://trap");
    const authorization = request.headers.authorization ?? "";
    const [scheme] = authorization.split(" ");
    const method = request.method ?? "GET";
    if (seen.length < maxSeen) seen.push({ host: request.headers.host ?? "", path: url.pathname, method, scheme });
    /** @param {string} html @param {number} [status] @param {Record<string, string | string[]>} [headers] */
    const send = (html, status = 200, headers = {}) => {
      response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers });
      response.end(html);
    };
    const refuse = (/** @type {string[]} */ ...wanted) => send(page("401 Unauthorized"), 401, { "www-authenticate": wanted });
    const [, area = ""] = url.pathname.split("/");
    const source = url.searchParams.get("of") ?? "";
    const quoted = JSON.stringify(source).replaceAll("<", "\\u003c");
    switch (area) {
      case "basic":
        return authorization === basic ? send(page("You are in")) : refuse(`Basic realm="${realm}"`);
      case "thinks": // once told to go, it never answers whoever signs in
        if (authorization !== basic) return refuse(`Basic realm="${realm}"`);
        return going ? undefined : send(page("You are in"));
      case "image": // shows itself to whoever signed in
        if (authorization !== basic) return refuse(`Basic realm="${realm}"`);
        return void response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "no-store" })
          .end('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48"/></svg>');
      case "several":
        if (scheme === "NTLM" && !authorization.slice(5).startsWith("TlRMTVNTUAAD")) return refuse(`NTLM ${ntlmChallenge}`);
        return scheme ? send(page(`You are in by ${scheme}`)) : refuse(...challenges);
      case "with-image":
        return send(page("A page with a picture", `<img alt="" src=${quoted}>`));
      case "with-frame":
        return send(page("A page with a frame", `<iframe title="frame" src=${quoted}></iframe>`));
      case "with-fetch":
        return send(page("A page with a script", `<p id="got"></p><script>
          fetch(${quoted}, { method: "${url.searchParams.get("method") === "POST" ? "POST" : "GET"}", credentials: "include", mode: "${source.startsWith("/") ? "same-origin" : "no-cors"}" })
            .then((r) => r.type === "opaque" ? "opaque" : r.status, () => "failed").then((got) => { document.getElementById("got").textContent = "got " + got; });</script>`));
      case "to":
        return send("", 302, { location: source });
      case "nag": // begins anew by itself, for as long as somebody might give in
        nags++;
        return send(page("A page that nags", `<img alt="" src="/image/nag${nags}"><script>
          setInterval(async () => { if (await (await fetch("/go/")).text() === "go") location.reload(); }, 300);</script>`));
      case "go":
        return send(going && nags < maxNags ? "go" : "wait");
      case "form":
        return method === "POST" ? send(page("Thank you", '<img alt="" src="/image/1"><img alt="" src="/image/2"><img alt="" src="/image/3">'))
          : send(page("A form", '<form method="post"><button id="send">Send</button></form>'));
      case "worker.js":
        return void response.writeHead(200, { "content-type": "text/javascript" }).end(worker);
      case "worker":
        return send(page("A page with a worker", `<p id="ready"></p><script>
          navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready).then(() => new Promise((done) => {
            if (navigator.serviceWorker.controller) done(); else navigator.serviceWorker.oncontrollerchange = done; }))
            .then(() => { document.getElementById("ready").textContent = "ready"; });</script>`));
      case "no":
        return send(page("403 Forbidden"), 403);
      case "flood":
        return send(page("A page that floods", `<p id="done"></p>
          ${Array.from({ length: 40 }, (_, i) => `<img alt="" src="/image/${i}">`).join("")}
          <script>(async () => {
            while (await (await fetch("/go/")).text() !== "go") await new Promise((done) => setTimeout(done, 100));
            for (let i = 0; i < 50; i++) document.body.append(Object.assign(document.createElement("iframe"), { title: i, src: "//o" + i + "." + location.host + "/basic/" }));
            for (let i = 0; i < 1000; i += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => fetch("/no/" + (i + k)).catch(() => {})));
            document.getElementById("done").textContent = "1000 done"; })();</script>`));
      default:
        return send(page("An open page", '<a id="link" href="/basic/">in</a> <a id="nag" href="/nag/">nag</a>'));
    }
  }

  const plain = createHttp(answer);
  const secure = createHttps(tls, answer);
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const front = () => createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => { /* a browser that was ended */ });
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === 0x16 ? secure : plain).emit("connection", socket); // 0x16: a TLS handshake, RFC 8446 5.1
      process.nextTick(() => socket.resume());
    });
  });
  const listen = (/** @type {import("node:net").Server} */ server) => /** @type {Promise<number>} */ (new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port));
  }));
  const servers = [front(), front()];
  const [port, otherPort] = await Promise.all(servers.map(listen));
  for (const server of servers) server.unref(); // whoever fails to close them fails at once

  return {
    port,
    /**
     * @param {string} path
     * @param {{host?: string, secure?: boolean, other?: boolean, of?: string, user?: string}} [where]
     */
    url(path, { host = "127.0.0.1", secure: isSecure = false, other = false, of, user } = {}) {
      const url = new URL(path, `${isSecure ? "https" : "http"}://${host}:${other ? otherPort : port}`);
      if (of !== undefined) url.searchParams.set("of", of);
      if (user) url.username = user;
      return url.href;
    },
    /** Requests to paths that begin so. @param {string} path */
    requests: (path) => seen.filter((one) => one.path.startsWith(path)),
    /** Everything that was sent to it in an Authorization field. */
    sends: () => seen.filter((one) => one.scheme !== ""),
    forget() { seen = []; nags = 0; going = false; },
    /** From now on the page that nags begins anew by itself, the one that floods floods, the one that thinks goes on thinking. */
    go() { going = true; },
    /** From now on the page that nags stays; resolves once it was told so again and again, and none is on its way. */
    async rest() {
      going = false;
      const from = seen.length;
      await until("the page that nags to stay", () => {
        const loaded = seen.findLastIndex((one) => one.path === "/nag/");
        return seen.slice(Math.max(from, loaded)).filter((one) => one.path === "/go/").length > 3;
      });
    },
    setRealm(/** @type {string} */ to) { realm = to; },
    setChallenges(/** @type {string[]} */ ...to) { challenges = to; },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
    },
  };
}

/**
 * A company's proxy, which asks for a password of its own before some hosts
 * and leads all others to the trap.
 * @param {Trap} trap
 */
export async function startProxy(trap) {
  let asked = 0;
  let answered = 0;
  const server = createHttp((request, response) => {
    const url = new URL(request.url ?? "/");
    if (request.headers["proxy-authorization"]) answered++;
    if (url.hostname === "locked.example") {
      asked++;
      response.writeHead(407, { "proxy-authenticate": 'Basic realm="Company proxy"', "content-type": "text/html" }).end(page("407 Proxy Authentication Required"));
      return;
    }
    void fetch(`http://127.0.0.1:${trap.port}${url.pathname}${url.search}`).then(async (reply) => {
      response.writeHead(reply.status, Object.fromEntries([...reply.headers].filter(([name]) => ["content-type", "www-authenticate"].includes(name)))).end(await reply.text());
    }, () => response.writeHead(502).end());
  });
  server.on("connect", (_, socket) => { socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"); });
  const port = await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port));
  });
  server.unref();
  return {
    port: /** @type {number} */ (port),
    asked: () => asked,
    answered: () => answered,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
