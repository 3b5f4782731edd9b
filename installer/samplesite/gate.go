package samplesite

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// Gate is something that stands before a site and answers in its place.
type Gate struct {
	Host string // the name that it stands before, without port
	Path string // the beginning of the paths that it answers; empty for all
	Kind GateKind
}

// GateKind says what stands there.
type GateKind string

// The kinds of gate. Some open for whoever posts to an address of their own.
const (
	GateProxy       GateKind = "company proxy"
	GateWiFi        GateKind = "guest Wi-Fi" // /portal/accept opens it
	GateVPN         GateKind = "VPN"
	GateCountry     GateKind = "country"
	GateAddress     GateKind = "address"
	GateHuman       GateKind = "human check" // /cdn-cgi/challenge opens it
	GateMaintenance GateKind = "maintenance"
	GateDevice      GateKind = "device" // /enrol opens it
	GateCertificate GateKind = "certificate"
	GateRelease     GateKind = "release" // one that went wrong: the server may not read its own files
)

// maxGates bounds how many stand at once; the oldest goes first.
const maxGates = 32

// Shut puts a gate before a site.
func (s *Site) Shut(g Gate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.gates) >= maxGates {
		s.gates = s.gates[1:]
	}
	s.gates = append(slices.Clip(s.gates), g)
}

// Open takes away every gate of a kind before a host.
func (s *Site) Open(host string, kind GateKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gates = slices.DeleteFunc(slices.Clone(s.gates), func(g Gate) bool { return g.Host == host && g.Kind == kind })
}

// gated lets the gates answer first.
func (s *Site) gated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		s.mu.Lock()
		i := slices.IndexFunc(s.gates, func(g Gate) bool {
			return g.Host == host && (strings.HasPrefix(r.URL.Path, g.Path) || r.URL.Path == gatePasses[g.Kind])
		})
		var g Gate
		if i >= 0 {
			g = s.gates[i]
		}
		s.mu.Unlock()
		answer, known := gateAnswers[g.Kind]
		pass := gatePasses[g.Kind]
		switch {
		case !known:
			next.ServeHTTP(w, r)
		case pass != "" && r.Method == http.MethodPost && r.URL.Path == pass:
			// Whoever does what the gate asks for gets through it.
			s.Open(host, g.Kind)
			s.render(w, r, page{Title: "Thank you", Heading: "Thank you"})
		default:
			for _, h := range answer.headers {
				w.Header().Set(h[0], h[1])
			}
			w.WriteHeader(answer.status)
			_, _ = w.Write([]byte(answer.body))
		}
	})
}

// gatePasses are the addresses where some gates are opened from outside.
var gatePasses = map[GateKind]string{
	GateWiFi:   "/portal/accept",
	GateHuman:  "/cdn-cgi/challenge",
	GateDevice: "/enrol",
}

var gateAnswers = map[GateKind]fixed{
	// https://www.squid-cache.org/Doc/config/deny_info/
	GateProxy: {status: 403, headers: [][2]string{{"Server", "squid/6.6"}, {"X-Squid-Error", "ERR_ACCESS_DENIED 0"},
		{"Via", "1.1 proxy.firm.example (squid/6.6)"}, {"Content-Type", htmlType}},
		body: `<!DOCTYPE html><html><head><title>ERROR: The requested URL could not be retrieved</title></head><body><h1>ERROR</h1>
<p>Access Denied.</p><p>Access control configuration prevents your request from being allowed at this time.</p></body></html>`},
	// RFC 8952; many portals answer 403 and their own page in place of the site's.
	GateWiFi: {status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}},
		body: plainPage("Wi-Fi sign-in", "Welcome to the station", "Accept the terms to use the network.")},
	GateVPN: {status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}},
		body: plainPage("403 Forbidden", "Intranet", "This site is only available on the company network. Connect to the VPN first.")},
	// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html
	GateCountry: {status: 403, headers: [][2]string{{"Server", "CloudFront"}, {"X-Cache", "Error from cloudfront"}, {"Content-Type", "text/html"}},
		body: cloudFront("The Amazon CloudFront distribution is configured to block access from your country.")},
	GateAddress: {status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}},
		body: plainPage("Access denied", "Access denied", "Your IP address is not allowed to open this site.")},
	GateHuman: {status: 403, headers: [][2]string{{"Server", "cloudflare"}, {"cf-mitigated", "challenge"},
		{"CF-RAY", "8f3a5c2d1b0e4f67-ARN"}, {"Content-Type", htmlType}}, body: cloudflareChallenge},
	GateMaintenance: {status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}},
		body: plainPage("Maintenance", "Maintenance", "The wiki is down for maintenance until noon.")},
	GateDevice: {status: 403, headers: [][2]string{{"Content-Type", htmlType}},
		body: plainPage("Sign in", "You can't get there from here", "This device is not compliant. Only a managed device may open this page.")},
	GateCertificate: {status: 403, headers: [][2]string{{"Server", "Microsoft-IIS/10.0"}, {"Content-Type", htmlType}}, body: iisCertificate},
	GateRelease:     {status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}}, body: nginxPage("403 Forbidden")},
}

// cloudFront is the page of Amazon's edge.
func cloudFront(reason string) string {
	return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>
<H2>The request could not be satisfied.</H2><HR noshade size="1px">` + reason + `
<PRE>Generated by cloudfront (CloudFront)</PRE></BODY></HTML>`
}
