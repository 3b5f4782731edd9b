// A small site of a test's own, for what the sample site has no page for: the
// test says what each request gets, and may keep an answer back.

import { createServer } from "node:http";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {Awaited<ReturnType<typeof startStage>>} Stage */

/**
 * @param {(request: Request, response: Response, url: URL) => void | Promise<void>} answer
 */
export async function startStage(answer) {
  const server = createServer((request, response) => {
    void answer(request, response, new URL(request.url ?? "/", `http://${request.headers.host}`));
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", () => { resolve(undefined); }); });
  server.unref(); // whoever fails to close it fails at once
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    port,
    /**
     * @param {string} path
     * @param {string} [host]
     */
    url: (path, host = "127.0.0.1") => `http://${host}:${port}${path}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string | string[]>} [headers]
 */
export function send(response, status, text, headers = {}) {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers });
  response.end(`<!doctype html><html lang="en"><title>${text}</title><body><h1>${text}</h1></body></html>`);
}
