package redact

import (
	"regexp"
	"slices"
	"strings"
)

// headerKind says how much of a header's value is kept.
type headerKind uint8

const (
	dropped    headerKind = iota
	worded                // words: everything secret-shaped goes
	identified            // request ids: kept, known secret shapes go
	challenged            // WWW-Authenticate
	addressed             // an address
	cookied               // Set-Cookie
)

// headers lists the response headers that may be kept: what says why (RFC
// 9110, RFC 9209), which software stands there, and which request it was. A
// name ending in "*" stands for all names that begin so.
var headers = map[headerKind][]string{
	challenged: {"www-authenticate", "proxy-authenticate"},
	addressed:  {"location", "content-location"},
	cookied:    {"set-cookie"},
	worded: {
		"status", "server", "via", "retry-after", "date", "age", "cache-control", "content-type", "content-length",
		"content-language", "content-encoding", "expires", "pragma", "vary", "allow", "warning", "mime-version",
		"proxy-status", "proxy-connection", "connection", "transfer-encoding", "server-timing", "p3p",
		"x-powered-by*", "x-generator", "x-cache*", "x-cdn*", "x-served-by", "x-server*", "x-backend*", "x-runtime",
		"x-aspnet*", "x-error*", "x-deny*", "x-denied*", "x-block*", "x-forbidden*", "x-reason*", "x-frame-options",
		"cf-mitigated", "cf-cache-status", "cf-edge-cache", "cf-apo-via", "cf-team", "cf-access*", "cf-chl*",
		"x-amzn-errortype", "x-amzn-waf*", "x-amz-cf-pop", "x-amz-bucket-region", "x-amz-error*",
		"x-azure-externalerror", "x-azure-socketip", "x-fd-*", "x-ms-*", "x-msedge*", "x-msdavext_error", "x-forms_based_auth*",
		"x-datadome*", "x-dd-*", "x-px*", "x-kpsdk*", "x-distil*", "x-sucuri*", "x-iinfo", "x-protected-by", "x-waf*",
		"x-firewall*", "x-wordfence*", "x-cachewall*", "x-squid*", "x-bluecoat*", "x-zscaler*", "x-mod-pagespeed",
		"x-dotdefender*", "x-403-status-by", "x-sl-compstate", "x-servedby", "x-zen-fury", "x-engine", "x-data-origin",
		"x-pint", "x-binarysec*", "aesecure-code", "aspa-cache-status", "powered-by-chinacache", "sg-captcha",
		"x-litespeed*", "x-turbo-charged-by", "x-varnish*", "x-drupal*", "x-wp*", "x-pingback", "x-redirect-by",
		"akamai-*", "x-akamai*", "x-n", "x-envoy*", "x-vercel*", "x-goog*", "x-jenkins*", "x-hudson*", "x-you-*",
		"x-required-permission", "x-permission-implied-by", "x-seraph*", "x-authentication-denied-reason",
		"x-github-otp", "x-github-media-type", "x-oauth-scopes", "x-accepted-oauth-scopes", "x-gitlab*", "x-elastic*",
		"x-kubernetes*", "kbn-*", "docker-distribution-api-version", "x-nextcloud*", "x-sharepointhealthscore",
		"x-pomerium-intercepted-response", "x-owa-error", "x-luci-login-required", "x-influxdb-version",
		"microsoftsharepointteamservices", "sprequestduration", "x-sap*", "sap-*", "sfdc-*", "x-sfdc*",
		"x-mashery*", "x-ratelimit*", "x-rate-limit*", "ratelimit*", "x-ws-ratelimit*", "x-moose", "x-ua-compatible", "x-iis*",
	},
	identified: {
		"cf-ray", "request-id", "x-request-id", "x-requestid", "x-correlation-id", "x-correlationid", "x-trace-id",
		"x-amz-request-id", "x-amzn-requestid", "x-amzn-trace-id", "x-amz-cf-id", "x-amz-id-2", "x-azure-ref*",
		"x-ms-request-id", "x-ms-correlation-request-id", "x-ms-routing-request-id", "x-ms-ests-server",
		"x-reference-error", "x-sucuri-id", "x-okta-request-id", "x-github-request-id", "x-vmware-vcloud-request-id",
		"x-b3-traceid", "x-arequestid", "x-guploader-uploadid", "x-fastly-request-id", "x-vercel-id", "x-iinfo",
		"x-akamai-request-id", "sprequestguid", "error_uid", "x-dis-request-id",
	},
}

var exactHeaders, prefixHeaders = func() (map[string]headerKind, map[string]headerKind) {
	exact, prefix := map[string]headerKind{}, map[string]headerKind{}
	for _, kind := range []headerKind{worded, identified, challenged, addressed, cookied} {
		for _, name := range headers[kind] {
			if stem, ok := strings.CutSuffix(name, "*"); ok {
				prefix[stem] = kind
			} else {
				exact[name] = kind
			}
		}
	}
	return exact, prefix
}()

// Vendors name secrets in their own families too (X-Amz-Security-Token,
// X-MS-Token-AAD-Access-Token); such a name is never let in by its beginning.
var secretName = regexp.MustCompile(`token|secret|passw|cookie|session|jwt|assertion|signature|principal|user|account|mail|-key|authori`)

const longestName = 64

func kindOf(name string) headerKind {
	if len(name) > longestName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return dropped
	}
	if kind, ok := exactHeaders[name]; ok {
		return kind
	}
	if secretName.MatchString(name) {
		return dropped
	}
	for i := range len(name) {
		if kind, ok := prefixHeaders[name[:i+1]]; ok {
			return kind
		}
	}
	return dropped
}

// Header redacts one response header line. ok is false for a name that is not
// on the list; nothing of it may be kept. The value comes back on one line.
func Header(name, value string) (safe string, ok bool) {
	kind := kindOf(lower(strings.TrimSpace(name)))
	if kind == dropped {
		return "", false
	}
	value = oneLine(value)
	switch kind {
	case challenged:
		return settle(value, inChallenge), true
	case identified:
		return settle(value, inIdentifier), true
	case addressed:
		return location(value), true
	case cookied:
		return setCookie(value), true
	default:
		return Text(value), true
	}
}

// oneLine drops control characters, so that no header breaks a line of a log.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if strings.IndexFunc(s, control) < 0 {
		return strings.Trim(s, " ")
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		if control(r) {
			return ' '
		}
		return r
	}, s), " ")
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' }

func location(value string) string {
	if strings.HasPrefix(value, "//") {
		safe, _ := URL("https:" + value)
		return strings.TrimPrefix(safe, "https:")
	}
	if i := strings.IndexAny(value, ":/?#\\"); i >= 0 && value[i] == ':' {
		safe, _ := URL(value)
		return safe
	}
	return Path(value)
}

// setCookie keeps the name and the attributes of RFC 6265 5.2 and its update.
func setCookie(value string) string {
	pair, rest, _ := strings.Cut(value, ";")
	name, _, named := strings.Cut(pair, "=")
	if !named {
		name = ""
	}
	out := Text(strings.Trim(name, " ")) + "=" + Mark
	for attribute := range strings.SplitSeq(rest, ";") {
		key, v, _ := strings.Cut(strings.Trim(attribute, " "), "=")
		switch key = lower(strings.Trim(key, " ")); key {
		case "secure", "httponly", "partitioned":
			out += "; " + key
		case "path":
			out += "; path=" + Path(v)
		case "domain":
			out += "; domain=" + Host(v)
		case "expires", "max-age", "samesite":
			if v = Text(v); len(v) <= 64 {
				out += "; " + key + "=" + v
			}
		}
	}
	return out
}

// publicParams are parameters whose values a server hands to every visitor:
// the realm names the protection space and must stay exact, nonce and opaque
// are random by nature (RFC 9110 11.5, RFC 7616 3.3).
var publicParams = regexp.MustCompile(`(?:realm|nonce|opaque|client_id|resource_id)\s*=\s*(?:"(?:[^"\\]|\\.)*"?|[^\s,]+)`)

// token68 directly after the scheme (RFC 9110 11.2) of those schemes whose
// servers send one: a step of the handshake.
var handshake = regexp.MustCompile(`(?:^|,\s*)(?:negotiate|ntlm)\s+[a-z0-9+/_.~-]+=*`)

func findOpaqueParams(found []span, s, low string) []span {
	from := 0
	keep := publicParams.FindAllStringIndex(low, -1)
	keep = append(keep, handshake.FindAllStringIndex(low, -1)...)
	slices.SortFunc(keep, func(a, b []int) int { return a[0] - b[0] })
	for _, k := range keep {
		if k[0] > from {
			found = findOpaque(found, s, from, k[0])
		}
		from = max(from, k[1])
	}
	if from < len(s) {
		found = findOpaque(found, s, from, len(s))
	}
	return found
}
