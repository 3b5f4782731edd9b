package demo

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/samplesite"
)

const (
	fetchLimit = 20 * time.Second
	// maxBody is what the extension reads of a refused page.
	maxBody = 8 << 10
)

// visitor stands in for a browser: it fetches, keeps cookies, and tells of a
// refusal what the extension would tell.
type visitor struct {
	http        *http.Client
	site, other string
	lastSuccess time.Time
}

func newVisitor(site *samplesite.Running) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	// The sample site is on this computer: no proxy may come between.
	transport := &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 1}
	return &visitor{http: &http.Client{Jar: jar, Timeout: fetchLimit, Transport: transport}, site: site.URL, other: site.Other}, nil
}

func (v *visitor) close() { v.http.CloseIdleConnections() }

// answer is what came back.
type answer struct {
	request *http.Request
	status  int
	header  http.Header
	body    string
	cut     bool
}

// fetch sends one request to an origin, with cookies unless bare.
func (v *visitor) fetch(ctx context.Context, origin string, s samplesite.Send, bare bool) (answer, error) {
	method := s.Method
	if method == "" {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(ctx, method, origin+s.Path, strings.NewReader(s.Form.Encode()))
	if err != nil {
		return answer{}, fmt.Errorf("fetching %s: %w", s.Path, err)
	}
	if s.Form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if s.Name != "" {
		request.SetBasicAuth(s.Name, s.Password)
	}
	if s.Bearer != "" {
		request.Header.Set("Authorization", "Bearer "+s.Bearer)
	}
	client := v.http
	if bare {
		client = &http.Client{Timeout: fetchLimit, Transport: v.http.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, fmt.Errorf("fetching %s: %w", s.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return answer{}, fmt.Errorf("reading %s: %w", s.Path, err)
	}
	a := answer{request: request, status: response.StatusCode, header: response.Header, body: string(body[:min(len(body), maxBody)]), cut: len(body) > maxBody}
	if a.status < 400 && !bare && origin == v.site {
		v.lastSuccess = time.Now().UTC().Truncate(time.Hour)
	}
	return a, nil
}

// report describes a refused answer.
func (v *visitor) report(a answer, resourceType string) rpc.ReportParams {
	at := *a.request.URL
	held := v.http.Jar.Cookies(&at)
	r := refusal.Refusal{
		URL: at.String(), Method: a.request.Method, Status: a.status, ResourceType: resourceType, Time: time.Now().UTC(),
		Request: refusal.Request{
			Cookies: refusal.KnownNo, FromCache: refusal.KnownNo,
			InitiatorOrigin: v.site, TopFrame: resourceType == mainFrame,
		},
	}
	// Browsers hide what a request carried. The extension knows it only where
	// readmit itself answered the challenge.
	if _, _, answered := a.request.BasicAuth(); answered {
		r.Request.Authorization = "basic"
	}
	for _, cookie := range held {
		r.Request.Cookies = refusal.KnownYes
		r.Cookies = append(r.Cookies, refusal.Cookie{Name: cookie.Name, Domain: at.Hostname(), Path: "/", HostOnly: true})
	}
	names := make([]string, 0, len(a.header))
	for name := range a.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range a.header[name] {
			r.ResponseHeaders = append(r.ResponseHeaders, refusal.Header{Name: name, Value: value})
		}
	}
	return rpc.ReportParams{Refusal: r, LastSuccess: v.lastSuccess, TopOrigin: v.site}
}

const mainFrame = "main_frame"

var titleOf = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// page is what the extension reads of a refused main page afterwards; nil when
// there is nothing to read.
func (a answer) page(incidentID string) *rpc.AmendParams {
	if a.body == "" {
		return nil
	}
	title := ""
	if m := titleOf.FindStringSubmatch(a.body); m != nil {
		title = html.UnescapeString(strings.TrimSpace(m[1]))
	}
	return &rpc.AmendParams{IncidentID: incidentID, Title: &title, Body: &a.body, BodyTruncated: a.cut}
}

// explainCase walks into the case and asks readmit about the refusal.
func explainCase(ctx context.Context, site *samplesite.Running, h *host, c samplesite.Case) (rpc.ViewResult, error) {
	var result rpc.ViewResult
	v, err := newVisitor(site)
	if err != nil {
		return result, err
	}
	defer v.close()
	for _, before := range append([]samplesite.Send{{Path: "/"}}, c.Visit.Before...) {
		if before.Path == "" {
			before.Path = c.Path
		}
		if _, err := v.fetch(ctx, v.site, before, false); err != nil {
			return result, err
		}
	}
	refused, origin, resourceType := c.Visit.Refused, v.site, c.Visit.ResourceType
	if refused.Path == "" {
		refused.Path = c.Path
	}
	if c.Visit.Elsewhere {
		origin = v.other
	}
	if resourceType == "" {
		resourceType = mainFrame
	}
	a, err := v.fetch(ctx, origin, refused, false)
	if err != nil {
		return result, err
	}
	if err := h.call(ctx, rpc.MethodRefusalReport, v.report(a, resourceType), &result); err != nil {
		return result, err
	}
	amend := func(params rpc.AmendParams) error {
		params.IncidentID = result.IncidentID
		return h.call(ctx, rpc.MethodRefusalAmend, params, &result)
	}
	if page := a.page(result.IncidentID); page != nil && resourceType == mainFrame {
		if err := amend(*page); err != nil {
			return result, err
		}
	}
	if c.Visit.EmptyPage {
		if err := amend(rpc.AmendParams{EmptyPage: refusal.KnownYes}); err != nil {
			return result, err
		}
	}
	if c.Visit.Probe {
		if err := v.probe(ctx, origin, refused, amend, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}

// probe asks which probes are granted and tries the page without cookies if
// that one is.
func (v *visitor) probe(ctx context.Context, origin string, s samplesite.Send, amend func(rpc.AmendParams) error, result *rpc.ViewResult) error {
	if err := amend(rpc.AmendParams{AskProbes: true}); err != nil {
		return err
	}
	if !slices.Contains(result.Probes, refusal.ProbeNoCookies) {
		return nil
	}
	a, err := v.fetch(ctx, origin, s, true)
	if err != nil {
		return err
	}
	return amend(rpc.AmendParams{Probes: []refusal.Probe{{Kind: refusal.ProbeNoCookies, Status: a.status}}})
}

// outcome says how a step ended.
func outcome(result rpc.ViewResult, how recovery.Result) rpc.OutcomeParams {
	return rpc.OutcomeParams{IncidentID: result.IncidentID, Outcome: recovery.Outcome{
		N: result.View.Main.Step, Action: result.View.Main.Action, Result: how, Unix: time.Now().Unix(),
	}}
}
