// Writing text that a site chose (its name, its realm, an account) so that it
// cannot be taken for anything else.

// Second-level labels under which country registries hand out names. The
// public suffix list is longer; a host under a suffix that is missing here has
// one label fewer in bold, and is still shown whole.
const registries = new Set(["ac", "asn", "co", "com", "ed", "edu", "gen", "go", "gob", "gov", "govt", "gv", "id", "lg", "ltd",
  "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc", "police", "sch", "school"]);

/**
 * Split a host into what anybody may choose and what its owner registered.
 * @param {string} host  without port; punycode as the browser gives it
 * @returns {{before: string, owner: string}} `owner` is never empty unless host is
 */
export function splitHost(host) {
  if (host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)) return { before: "", owner: host };
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  const size = last.length === 2 && registries.has(labels.at(-2) ?? "") ? 3 : last === "localhost" ? 1 : 2;
  const cut = Math.max(0, labels.length - size);
  return { before: labels.slice(0, cut).map((label) => `${label}.`).join(""), owner: labels.slice(cut).join(".") };
}

/**
 * Split host[:port] as it stands in a URL.
 * @param {string} site
 * @returns {{host: string, port: string}}
 */
export function splitPort(site) {
  const at = /:(\d{1,5})$/.exec(site);
  return at ? { host: site.slice(0, at.index), port: at[1] } : { host: site, port: "" };
}

const maxQuoted = 80;

/**
 * Text of a site as one short line: no control, direction or invisible
 * characters, and no quotation mark that could end the quotation early.
 * @param {string} text
 */
export function quotable(text) {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}\u115f\u1160\u3164\uffa0]/gu, "")
    .replace(/["\u201c-\u201f\u00ab\u00bb\u2033\u301d-\u301f\uff02]/gu, "'")
    .trim();
  const marks = [...line];
  return marks.length > maxQuoted ? `${marks.slice(0, maxQuoted - 1).join("").trimEnd()}\u2026` : line;
}

/**
 * A support code as a voice says it: letter by letter, a pause between groups.
 * @param {string} code  grouped by "-" or spaces
 */
export function spelled(code) {
  return code.split(/[\s-]+/).filter(Boolean).map((group) => [...group].join(" ")).join(", ");
}
