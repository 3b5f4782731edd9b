package explain

import (
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/cause"
)

// Quote is a number by which other people find the request in their logs.
type Quote struct {
	Label string `json:"label"`
	Value string `json:"value"`
	To    string `json:"to"` // who can look it up
}

// maxQuotes: more would not be read out on the phone.
const maxQuotes = 6

// idHeaders are the response headers that number a request, each under the
// name by which support staff know it. Package redact keeps these whole.
var idHeaders = []struct{ name, label string }{
	{"cf-ray", "Ray ID"},               // https://developers.cloudflare.com/fundamentals/reference/cloudflare-ray-id/
	{"x-azure-ref", "Azure reference"}, // https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
	{"x-amz-cf-id", "CloudFront request ID"},
	{"x-akamai-request-id", "Akamai reference"},
	{"x-sucuri-id", "Sucuri ID"},
	{"x-iinfo", "Incident info"},
	{"x-request-id", "Request ID"},
	{"x-requestid", "Request ID"},
	{"request-id", "Request ID"},
	{"x-correlation-id", "Correlation ID"},
	{"x-correlationid", "Correlation ID"},
	{"x-ms-request-id", "Microsoft request ID"},
	{"x-ms-correlation-request-id", "Microsoft correlation ID"},
	{"sprequestguid", "SharePoint correlation ID"},
	{"x-amz-request-id", "Amazon request ID"}, // https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
	{"x-amz-id-2", "Amazon extended request ID"},
	{"x-amzn-requestid", "Amazon request ID"},
	{"x-amzn-trace-id", "Amazon trace ID"},
	{"x-okta-request-id", "Okta request ID"},
	{"x-github-request-id", "GitHub request ID"},
	{"x-guploader-uploadid", "Google upload ID"},
	{"x-arequestid", "Atlassian request ID"},
	{"x-trace-id", "Trace ID"},
	{"x-b3-traceid", "Trace ID"},
	{"x-reference-error", "Reference"},
}

// IDHeaders are the names of the response headers that number a request.
func IDHeaders() []string {
	names := make([]string, len(idHeaders))
	for i, h := range idHeaders {
		names[i] = h.name
	}
	return names
}

const runsTheSite = "the people who run the site"

// quoteTo says who looks a number up, where it is not the site's own people.
var quoteTo = map[cause.ID]string{
	cause.ProxyOrFilterBlock: "the people who run the web filter",
	cause.CaptivePortal:      "the people who run the Wi-Fi",
	cause.SSORequired:        "the people who run the company sign-in",
	cause.StepUpRequired:     "the people who run the company sign-in",
	cause.DeviceNotAllowed:   "the people who run the company sign-in",
}

// quotes are the numbers that the page shows, then those of the headers.
func (w *writer) quotes() []Quote {
	to := quoteTo[w.cause]
	if to == "" {
		to = runsTheSite
	}
	quotes := []Quote{}
	add := func(label, value string) {
		value = quotable(value)
		known := slices.ContainsFunc(quotes, func(q Quote) bool { return strings.EqualFold(q.Value, value) })
		if value != "" && !known && len(quotes) < maxQuotes {
			quotes = append(quotes, Quote{Label: quotable(label), Value: value, To: to})
		}
	}
	for _, r := range w.d.Ranked {
		for _, e := range r.Evidence {
			if label, value, ok := strings.Cut(e.Args["quote"], ": "); ok {
				add(label, value)
			}
		}
	}
	for _, h := range idHeaders {
		for _, value := range w.inc.Refusal.Header(h.name) {
			add(h.label, value)
		}
	}
	return quotes
}
