// When a site asks to come back (RFC 9110 10.2.3).

/**
 * @param {string | null | undefined} value of Retry-After: seconds or an HTTP-date
 * @param {number} now epoch ms
 * @returns {number | null} epoch ms; null where it names no moment ahead within a day
 */
export function retryAt(value, now) {
  const text = value?.trim() ?? "";
  const at = /^\d{1,9}$/.test(text) ? now + Number(text) * 1000 : Date.parse(text);
  return at > now && at < now + 24 * 60 * 60 * 1000 ? at : null;
}
