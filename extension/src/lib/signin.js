// Where a site lets people sign in: what its refusal says by header, and the
// page to which it sent this person before. Never a link out of a page's text:
// whoever can write into a page could choose it.

import { api, fieldLines } from "./browser.js";
import { bareUrl, isLoopback } from "./safe.js";
import { inTurn } from "./store.js";

const key = "signIn";
const maxOrigins = 200;
const maxPlaces = 4; // applications of one origin that each have a sign-in

// Path segments of pages on the way to being signed in: a person there has not arrived.
const segments = /^([a-z0-9]+[-_.])*(log[-_]?[io]n|sign[-_]?[io]n|auth(n|enticate|entication|orize|orise)?|oauth2?|oidc|sso|saml2?|adfs|cas|otp|totp|mfa|2fa|verif\w+|factor|challenge|consent|callback|anmelden|connexion)([-_.][a-z0-9]+)*$/i;

/** @param {string} url */
export function isSignInPath(url) {
  return new URL(url).pathname.split("/").some((segment) => segments.test(segment));
}

/**
 * The sign-in page that a refusal names: Location (some servers send it with a
 * 401), a Link of relation "authenticate"
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-authentication-link/),
 * or the header of Office's forms based authentication, which SharePoint and
 * others send with 403
 * (https://learn.microsoft.com/en-us/openspecs/sharepoint_protocols/ms-ofba/).
 * @param {{url: string, responseHeaders?: {name: string, value?: string}[]}} details of the response
 * @returns {string | undefined} whole, with its query: it is opened once and kept nowhere but in memory
 */
export function signInOf({ url, responseHeaders }) {
  const lines = fieldLines(responseHeaders).slice(0, 128);
  const of = (/** @type {string} */ name) => lines.filter((line) => line.name === name).map(({ value }) => value.slice(0, 4096));
  const named = [...of("location"), ...of("link").flatMap(authenticateLinks), ...of("x-forms_based_auth_required")];
  return named.map((target) => openable(target, url)).find((target) => target !== undefined);
}

/**
 * Targets of relation "authenticate" in one Link line (RFC 8288 3).
 * @param {string} line
 * @returns {string[]}
 */
function authenticateLinks(line) {
  const links = line.matchAll(/<([^<>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)/g);
  return [...links].filter(([, , params]) => {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))/i.exec(params) ?? [];
    return (quoted ?? plain ?? "").toLowerCase().split(/\s+/).includes("authenticate");
  }).map(([, target]) => target);
}

/**
 * A target that may be opened: of this very origin, or by https.
 * @param {string} target
 * @param {string} base
 */
function openable(target, base) {
  if (!target.trim() || !URL.canParse(target, base)) return undefined;
  const { href, origin, protocol, username, password } = new URL(target, base);
  if (username || password || !/^https?:$/.test(protocol)) return undefined;
  return origin === new URL(base).origin || protocol === "https:" || isLoopback(href) ? href : undefined;
}

/** @type {Map<number, string>} the sign-in page that each tab shows */
const signInPages = new Map();

/**
 * Learn where a site lets people sign in: from a page that it sent to its
 * sign-in, and from a sign-in form that it took.
 * The caller leaves out private windows.
 * @param {any} details of a page that opened
 * @param {{url: string, status: number, method: string}[]} redirects
 */
export function noteSignIn({ tabId, url, method }, redirects) {
  const before = signInPages.get(tabId);
  const [first] = redirects;
  if (isSignInPath(url)) {
    if (method === "GET") signInPages.set(tabId, url);
    if (first?.method === "GET") rememberSignIn(first.url, signInOn(first.url, redirects, url));
    return;
  }
  signInPages.delete(tabId);
  if (first?.method === "POST" && before && new URL(before).origin === new URL(first.url).origin) {
    rememberSignIn(url, before);
  }
}

/**
 * Of the addresses that led to a sign-in page, the site's own: what a service
 * gets in its query is not kept, and without it that would not know the site.
 * @param {string} from
 * @param {{url: string}[]} redirects
 * @param {string} at
 */
function signInOn(from, redirects, at) {
  const { origin } = new URL(from);
  const own = [...redirects.slice(1).map((hop) => hop.url), at].findLast((url) => new URL(url).origin === origin && isSignInPath(url));
  return own ?? at;
}

/** @param {number} tabId the tab was closed */
export function leaveSignIn(tabId) {
  signInPages.delete(tabId);
}

/**
 * Remember where a site let somebody in.
 * @param {string} from an address that led there
 * @param {string} page the sign-in page
 */
export function rememberSignIn(from, page) {
  const at = openable(bareUrl(page), from);
  if (!at) return;
  const { origin, pathname } = new URL(from);
  void inTurn(key, async () => {
    const known = await all();
    const places = known[origin] ?? [];
    if (places[0]?.at === at && places[0].from === pathname) return;
    delete known[origin]; // to stand last, as the newest
    known[origin] = [{ from: pathname, at }, ...places.filter((place) => place.at !== at)].slice(0, maxPlaces);
    for (const oldest of Object.keys(known).slice(0, -maxOrigins)) delete known[oldest];
    await api.storage.local.set({ [key]: known });
  });
}

/**
 * Forget a sign-in page that is no more.
 * @param {string} url of the refused page
 * @param {string} page
 */
export function forgetSignIn(url, page) {
  return inTurn(key, async () => {
    const known = await all();
    const { origin } = new URL(url);
    const places = (known[origin] ?? []).filter(({ at }) => at !== bareUrl(page));
    if (places.length > 0) known[origin] = places;
    else delete known[origin];
    await api.storage.local.set({ [key]: known });
  });
}

/**
 * Forget where an origin, or every one, let the person in.
 * @param {string} [origin]
 */
export function forgetSignIns(origin) {
  return inTurn(key, async () => {
    const { [origin ?? ""]: _, ...others } = await all();
    await api.storage.local.set({ [key]: origin === undefined ? {} : others });
  });
}

/**
 * The sign-in page that this site sent the person to before; of several, that
 * of the application whose addresses begin like this one.
 * @param {string} url of the refused page
 * @returns {Promise<string | undefined>}
 */
export async function knownSignIn(url) {
  const { origin, pathname } = new URL(url);
  const places = (await all())[origin] ?? [];
  const [best] = places.map((place, i) => ({ at: place.at, shared: sharedSegments(pathname, place.from), i }))
    .sort((a, b) => b.shared - a.shared || a.i - b.i);
  return best?.at;
}

/**
 * @param {string} a
 * @param {string} b
 */
function sharedSegments(a, b) {
  const other = b.split("/");
  const own = a.split("/");
  const end = own.findIndex((segment, i) => segment !== other[i]);
  return end < 0 ? own.length : end;
}

/** @returns {Promise<Record<string, {from: string, at: string}[]>>} by origin, the oldest first; each the newest first */
async function all() {
  return /** @type {any} */ ((await api.storage.local.get(key))[key]) ?? {};
}
