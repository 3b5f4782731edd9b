// The response headers that may reach the agent.

/** Lower-case field names. */
export const headerNames = Object.freeze([
  "age", "cache-control", "content-language", "content-type", "date", "expires", "link", "location", "mime-version",
  "proxy-authenticate", "retry-after", "server", "set-cookie", "vary", "via", "www-authenticate", "x-powered-by",
]);
