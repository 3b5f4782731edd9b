package explain

import (
	"strings"

	"github.com/readmit/readmit/agent/refusal"
)

// cacheChecks ask whether a cache may keep a refusal and show it to someone
// who is signed in by then. Neither status is heuristically cacheable (RFC
// 9110 15.1), but explicit freshness makes both so.
var cacheChecks = []check{
	{"cacheable", Should, "By {} a cache may keep this refusal and answer with it later on. Cache-Control: no-store ends that.",
		rfc("9111", "3"), func(a *answer) (string, bool) { return a.fresh(), a.fresh() != "" }},
	{"cacheable_with_authorization", Should, "The request carried Authorization, and {} lets shared caches keep the answer for others.",
		rfc("9111", "3.5"), func(a *answer) (string, bool) {
			for _, name := range []string{"public", "s-maxage", "must-revalidate"} {
				if _, ok := a.control[name]; ok && a.sentAuthorization() && a.fresh() != "" {
					return name, true
				}
			}
			return "", false
		}},
	{"cacheable_with_cookie", Should, "The refusal sets a cookie and may be kept by a cache. Others could be handed the same cookie.",
		rfc("9111", "7.3"), is(func(a *answer) bool { return a.fresh() != "" && a.has("set-cookie") })},
	{"vary_missing", Should, "The answer may be kept and depends on who asks, but Vary does not say so.",
		rfc("9110", "12.5.5"), is(func(a *answer) bool {
			vary := strings.ToLower(a.header("vary"))
			depends := a.r.Request.Cookies == refusal.KnownYes || a.sentAuthorization()
			_, private := a.control["private"]
			return a.whole && a.fresh() != "" && !private && depends &&
				!strings.Contains(vary, "cookie") && !strings.Contains(vary, "authorization") && !strings.Contains(vary, "*")
		})},
	{"cache_rule_missing", Note, "Nothing says whether this may be kept. By default caches don't; Cache-Control: no-store makes it plain.",
		rfc("9111", "4.2.2"), is(func(a *answer) bool {
			personal := a.r.Request.Cookies == refusal.KnownYes || a.has("set-cookie") || a.sentAuthorization()
			return personal && a.missing("cache-control") && !a.has("expires") && !a.has("pragma")
		})},
	{"answered_from_cache", Should, "This answer is {} and comes out of a cache. The server may say something else by now.",
		rfc("9111", "4"), func(a *answer) (string, bool) {
			age := a.header("age")
			switch {
			case age != "" && age != "0":
				return age + " seconds old", true
			case a.r.Request.FromCache == refusal.KnownYes:
				return "an old one", true
			}
			return "", false
		}},
}
