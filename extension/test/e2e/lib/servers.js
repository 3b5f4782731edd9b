// The web servers and the proxy that most refusals come from, as Debian ships
// them: started on loopback with a configuration of their own, in a folder of
// their own, as processes of the test.

import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start, until } from "./processes.js";

/** @typedef {{url: (path: string) => string, port: number, close: () => Promise<void>}} Server */

/** The one account that the servers know. */
export const account = Object.freeze({ user: "anna", password: "correct horse" });

const free = () => /** @type {Promise<number>} */ (new Promise((resolve, reject) => {
  const server = createServer().once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    server.close(() => resolve(port));
  });
}));

/** @param {number} port */
const answers = (port) => /** @type {Promise<boolean>} */ (new Promise((resolve) => {
  const socket = new Socket().once("error", () => resolve(false));
  socket.connect(port, "127.0.0.1", () => { socket.destroy(); resolve(true); });
}));

/**
 * Put up a program's folder, start it and wait until it answers. As root, as on
 * most test machines, workers drop to another user, who must see the folder.
 * @param {string} program
 * @param {(place: {dir: string, port: number, file: (name: string, content: string) => string}) => string[]} configure writes its files and returns its arguments
 * @param {string} [scheme]
 * @returns {Promise<Server>}
 */
async function serve(program, configure, scheme = "http") {
  const dir = mkdtempSync(join(tmpdir(), `readmit-${program}-`));
  chmodSync(dir, 0o777);
  const port = await free();
  const file = (/** @type {string} */ name, /** @type {string} */ content) => {
    const path = join(dir, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const server = start(`/usr/sbin/${program}`, configure({ dir, port, file }), { env: { PATH: process.env.PATH }, cwd: dir });
  const close = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  let over = false;
  void server.ended.then(() => { over = true; });
  try {
    await until(`${program} to answer`, async () => {
      if (over) return true;
      return answers(port);
    });
    if (over) throw new Error(`${program} ended: ${server.talk()}`);
  } catch (error) {
    await close();
    throw error;
  }
  // Ports share cookies: each server has a name of its own.
  return { port, url: (path) => `${scheme}://${program}.localhost:${port}${path}`, close };
}

/** Password files as htpasswd and htdigest write them. */
const htpasswd = `${account.user}:{SHA}${createHash("sha1").update(account.password).digest("base64")}\n`;
const htdigest = `${account.user}:Reports:${createHash("md5").update(`${account.user}:Reports:${account.password}`).digest("hex")}\n`;

const page = (/** @type {string} */ title, /** @type {string} */ body) => `<!doctype html><title>${title}</title><p>${body}</p>`;

/** Apache httpd: Basic, Digest, a form, a rule on who may enter, a folder without listing. */
export function startApache() {
  return serve("apache2", ({ dir, port, file }) => {
    for (const place of ["basic", "digest", "form", "admin", "network"]) file(`www/${place}/index.html`, page(place, `The ${place} page is open.`));
    file("www/index.html", page("home", "The start page is open."));
    file("www/files/report.txt", "a report");
    file("www/login.html", `<!doctype html><title>Sign in</title><form method="post" action="/dologin">
      <input name="httpd_username"><input name="httpd_password" type="password"><input type="hidden" name="httpd_location" value="/form/"><button>Sign in</button></form>`);
    file("users", htpasswd + `boss:{SHA}${createHash("sha1").update("other").digest("base64")}\n`);
    file("digests", htdigest);
    const modules = ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "authz_host", "auth_basic", "auth_digest",
      "auth_form", "session", "session_cookie", "session_crypto", "request", "dir", "autoindex", "mime", "alias"];
    return ["-X", "-d", dir, "-f", file("httpd.conf", `
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${dir}/pid
ErrorLog ${dir}/error.log
Mutex file:${dir}
TypesConfig /etc/mime.types
${modules.map((m) => `LoadModule ${m}_module /usr/lib/apache2/modules/mod_${m}.so`).join("\n")}
${process.getuid?.() === 0 ? "User www-data\nGroup www-data" : ""}
DocumentRoot ${dir}/www
DirectoryIndex index.html
<Directory ${dir}/www>
  Options -Indexes
  Require all granted
</Directory>
<Location /basic>
  AuthType Basic
  AuthName "Staff pages"
  AuthUserFile ${dir}/users
  Require valid-user
</Location>
<Location /digest>
  AuthType Digest
  AuthName "Reports"
  AuthDigestProvider file
  AuthUserFile ${dir}/digests
  Require valid-user
</Location>
<Location /admin>
  AuthType Basic
  AuthName "Admin pages"
  AuthUserFile ${dir}/users
  AuthzSendForbiddenOnFailure On
  Require user boss
</Location>
<Location /form>
  AuthType form
  AuthName "Form pages"
  AuthFormProvider file
  AuthUserFile ${dir}/users
  ErrorDocument 401 /login.html
  Session On
  SessionCookieName session path=/
  SessionCryptoPassphrase secret
  Require valid-user
</Location>
<Location /dologin>
  SetHandler form-login-handler
  AuthType form
  AuthName "Form pages"
  AuthFormProvider file
  AuthUserFile ${dir}/users
  AuthFormLoginSuccessLocation /form/
  ErrorDocument 401 /login.html
  Session On
  SessionCookieName session path=/
  SessionCryptoPassphrase secret
</Location>
<Location /network>
  Require ip 192.0.2.0/24
</Location>
`)];
  });
}

/**
 * What nginx needs around its one server, to keep to a folder.
 * @param {string} dir
 * @param {string} server
 */
const nginxConf = (dir, server) => `
daemon off;
pid ${dir}/pid;
error_log ${dir}/error.log;
${process.getuid?.() === 0 ? "user www-data;" : ""}
events {}
http {
  access_log off;
  default_type text/html;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
  server {
    root ${dir}/www;
${server}
  }
}
`;

/** nginx: auth_basic, auth_request, a client certificate, an address that is shut out. */
export function startNginx() {
  return serve("nginx", ({ dir, port, file }) => {
    file("www/index.html", page("home", "The start page is open."));
    file("www/basic/index.html", page("basic", "The basic page is open."));
    file("www/gate/index.html", page("gate", "The gate page is open."));
    file("www/role/index.html", page("role", "The role page is open."));
    file("www/files/report.txt", "a report");
    file("users", htpasswd);
    return ["-p", dir, "-c", file("nginx.conf", nginxConf(dir, `
    listen 127.0.0.1:${port};
    location /basic/ { auth_basic "Staff pages"; auth_basic_user_file ${dir}/users; }
    location /gate/ { auth_request /asks; }
    location = /asks { internal; if ($cookie_gate = "") { return 401; } return 204; }
    location /role/ { auth_request /role-asks; }
    location = /role-asks { internal; return 403; }
    location = /login { default_type text/html; if ($request_method = POST) { add_header Set-Cookie "gate=1; Path=/; HttpOnly"; return 303 /gate/; }
      return 200 '<!doctype html><title>Sign in</title><form method="post" action="/login"><input name="account"><input name="password" type="password"><button>Sign in</button></form>'; }
    location /closed/ { deny all; }
`))];
  });
}

/** nginx with TLS that asks for a client certificate. */
export function startNginxWithCertificates() {
  return serve("nginx", ({ dir, port, file }) => {
    file("www/index.html", page("home", "The page behind the certificate is open."));
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost", "-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")], { stdio: "ignore" });
    return ["-p", dir, "-c", file("nginx.conf", nginxConf(dir, `
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem;
    ssl_client_certificate ${dir}/cert.pem; ssl_verify_client on;
    error_page 495 496 =403 /496;
    location = /496 { internal; default_type text/html; return 403 '<html><head><title>403 No required SSL certificate was sent</title></head><body><center><h1>403 Forbidden</h1></center><center>No required SSL certificate was sent</center></body></html>'; }
`))];
  }, "https");
}

/** Squid as the proxy of a company that lets nobody on to one site. */
export function startSquid() {
  return serve("squid", ({ dir, port, file }) => {
    return ["-N", "-f", file("squid.conf", `
http_port 127.0.0.1:${port}
pid_filename ${dir}/pid
access_log none
cache_log ${dir}/cache.log
cache_store_log none
cache deny all
coredump_dir ${dir}
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname proxy.example.org
cache_mgr helpdesk@example.org
${process.getuid?.() === 0 ? "cache_effective_user proxy" : ""}
acl games dstdomain games.example
http_access deny games
http_access allow localhost
http_access deny all
`)];
  });
}
