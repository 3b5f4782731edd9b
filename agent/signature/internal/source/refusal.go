package source

import (
	"maps"
	"slices"
	"time"

	"github.com/readmit/readmit/agent/refusal"
)

// exampleTime is when all examples happened.
var exampleTime = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// Refusal returns the example as the browser would have reported it. It passes
// through refusal.New like every other, so that a row cannot wait for something
// that is never kept.
func (e *Example) Refusal() (refusal.Refusal, error) {
	r := refusal.Refusal{
		URL: e.URL, QueryKeys: e.Query, Method: e.Method, Status: e.Status, ResourceType: e.Type,
		Time: exampleTime, Title: e.Title, Body: e.Body,
	}
	if r.URL == "" {
		r.URL = "https://site.example/page"
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	if r.ResourceType == "" {
		r.ResourceType = "main_frame"
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		r.ResponseHeaders = append(r.ResponseHeaders, refusal.Header{Name: name, Value: e.Headers[name]})
	}
	if len(e.Cookies) > 0 {
		r.Request.Cookies = refusal.KnownYes
	}
	for _, name := range e.Cookies {
		r.Cookies = append(r.Cookies, refusal.Cookie{Name: name, Domain: "site.example", Path: "/"})
	}
	return refusal.New(r)
}
