package explain

import (
	"strconv"
	"strings"
)

// contentChecks look at Date and at what the answer holds.
var contentChecks = []check{
	{"date_missing", Should, "The answer has no Date. A server with a clock sends one with every 4xx.",
		rfc("9110", "6.6.1"), is(func(a *answer) bool { return a.missing("date") })},
	{"date_malformed", Must, "Date is no HTTP date: {}.",
		rfc("9110", "5.6.7"), func(a *answer) (string, bool) {
			date := a.header("date")
			_, err := httpTime(date)
			// One without digits was blotted out before it came here.
			return date, err != nil && strings.ContainsAny(date, "0123456789")
		}},
	{"clock_apart", Note, "Date and the clock of the recording are {} minutes apart. One of the two is wrong.",
		rfc("9110", "6.6.1"), func(a *answer) (string, bool) {
			minutes, err := strconv.Atoi(a.d.Arg("clock_off", "minutes"))
			return strconv.Itoa(max(minutes, -minutes)), err == nil && a.has("date")
		}},
	{"content_type_missing", Should, "The body has no Content-Type. Clients have to guess what it is.",
		rfc("9110", "8.3"), is(func(a *answer) bool { return a.r.Body != "" && a.missing("content-type") })},
	{"body_empty", Should, "The answer is empty. A 4xx should say what happened and whether it will pass.",
		rfc("9110", "15.5"), is(func(a *answer) bool {
			return a.r.Method != "HEAD" && a.r.Body == "" && strings.TrimSpace(a.header("content-length")) == "0"
		})},
}
