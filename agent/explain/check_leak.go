package explain

import (
	"regexp"
	"strings"
	"sync"

	"github.com/readmit/readmit/agent/refusal"
)

// lazily compiles a pattern when it is first looked for: the agent links this
// package and seldom explains to developers.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

func cwe(number string) reference {
	return reference{"CWE-" + number, "https://cwe.mitre.org/data/definitions/" + number + ".html"}
}

// leakChecks ask what the answer tells that is nobody's business. What leaks
// is named by its kind; the leak itself is repeated only where it is needed to
// find its place.
var leakChecks = []check{
	{"leaks_stack_trace", Should, "The body holds a stack trace of {}. It belongs in the server's log.",
		cwe("209"), leak(traces)},
	{"leaks_database_error", Should, "The body holds an error of {}. It belongs in the server's log.",
		cwe("209"), leak(databases)},
	{"leaks_debug_page", Should, "The body is a debug page of {}. Debug mode belongs off where others can reach it.",
		cwe("489"), leak(debugPages)},
	{"leaks_file_path", Note, "The body names a path on the server's disk.",
		cwe("209"), is(func(a *answer) bool { return filePath().MatchString(refusal.VisibleText(a.r.Body)) })},
	{"leaks_internal_address", Note, "The answer names {}, which only the inside of the network needs to know.",
		cwe("200"), internalAddress},
	{"leaks_directory", Should, "The body lists the files of a folder.",
		cwe("548"), is(func(a *answer) bool {
			return strings.Contains(a.text, "index of /") && strings.Contains(a.text, "parent directory")
		})},
	{"leaks_version", Note, "The answer names the exact version {}. Attackers look up what it is open to.",
		rfc("9110", "10.2.4"), version},
	{"leaks_account", Should, "The page says which half of the sign-in was wrong. That tells strangers which accounts exist.",
		cwe("204"), is(tellsAccount)},
}

// leakMark is a kind of leak and how it shows.
type leakMark struct {
	kind    string
	pattern func() *regexp.Regexp
}

func leak(marks []leakMark) func(*answer) (string, bool) {
	return func(a *answer) (string, bool) {
		for _, m := range marks {
			if m.pattern().MatchString(a.r.Body) || m.pattern().MatchString(a.r.Title) {
				return m.kind, true
			}
		}
		return "", false
	}
}

var traces = []leakMark{
	{"Java", lazily(`\bat (?:[\w$]+\.){1,12}[\w$&;<>]+\([\w$]+\.(?:java|kt|scala):\d+\)`)},
	{"Python", lazily(`Traceback \(most recent call last\)`)},
	{".NET", lazily(`\bat (?:System|Microsoft)\.[\w.]+(?:\[\w+\])?\(`)},
	{"PHP", lazily(`Stack trace:\s*(?:<[^>]*>\s*)*#0 |PHP (?:Fatal|Parse) error:`)},
	{"Node.js", lazily(`\bat [\w.<> ]+ \((?:/|file:|node:)[^()\s]+:\d+:\d+\)`)},
	{"Ruby", lazily("\\.rb:\\d+:in [`']")},
	{"Go", lazily(`goroutine \d+ \[running\]`)},
}

var databases = []leakMark{
	{"Oracle", lazily(`\bORA-\d{5}\b`)},
	{"MySQL", lazily(`You have an error in your SQL syntax|\bmysqli?_\w+\(\):`)},
	{"PostgreSQL", lazily(`\bPG::\w+Error\b|\bpg_query\(\):|org\.postgresql\.util\.PSQLException`)},
	{"SQL Server", lazily(`Unclosed quotation mark after the character string|System\.Data\.SqlClient\.SqlException`)},
	{"SQLite", lazily(`SQLite3?::\w*Exception|sqlite3\.OperationalError`)},
	{"a database", lazily(`\bSQLSTATE\[\w{5}\]`)},
}

var debugPages = []leakMark{
	{"Django", lazily(`DEBUG\s*=\s*True`)},
	{"Werkzeug", lazily(`Werkzeug (?:powered traceback interpreter|Debugger)`)},
	{"Laravel", lazily(`(?i)class="[^"]*\bignition\b|window\.ignite\(|laravel[\\/](?:framework[\\/])?src[\\/]illuminate`)},
	{"Symfony", lazily(`(?i)symfony exception|class="sf-(?:dump|toolbar)`)},
	{"Rails", lazily(`Rails\.root:|Action Controller: Exception caught`)},
	{"ASP.NET", lazily(`\[?(?:HttpException|NullReferenceException|InvalidOperationException)\b[^<]{0,200}\]?:|ASP\.NET Version:`)},
	{"IIS", lazily(`(?s)Detailed Error Information.*Physical Path`)},
}

// filePath is a path that no web address looks like.
var filePath = lazily(`(?:^|[\s"'(=])(?:/(?:var/www|home|usr/(?:local|share|lib)|srv|opt|etc|app)(?:/[\w.@-]+){2,}|/(?:var|home|srv|opt)/[\w.-]+/[\w./-]+\.(?:php|py|rb|js|jsp|aspx?|conf)\b|[A-Z]:\\(?:inetpub|Windows|Users|Program Files|Sites|www)[\\\w .-]+)`)

var (
	internalName = lazily(`(?i)\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:internal|intranet|local|localdomain|lan|corp|home\.arpa|cluster\.local)\b`)
	// RFC 1918 3; the last part must not go on, as version numbers do.
	internalIP = lazily(`\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b`)
	// yourAddress is the person's own address, which pages of filters show.
	yourAddress = lazily(`(?i)(?:your|client|user|remote|source|visitor)[\w -]{0,12}(?:ip|address)[\w -]{0,12}[:=]?\s*\S{0,3}\s*$`)
)

// addressHeaders may carry the names of machines behind the site.
var addressHeaders = []string{"via", "x-served-by", "x-backend", "x-backend-server", "x-server", "x-server-name", "x-cache", "location", "server-timing"}

// internalAddress finds a private address or name, but on a site that is
// internal itself.
func internalAddress(a *answer) (string, bool) {
	if a.url.Host == "" || a.local() {
		return "", false
	}
	texts := []string{refusal.VisibleText(a.r.Body)}
	for _, name := range addressHeaders {
		texts = append(texts, a.r.Header(name)...)
	}
	for _, text := range texts {
		for _, pattern := range []*regexp.Regexp{internalIP(), internalName()} {
			for _, at := range pattern.FindAllStringIndex(text, 8) {
				if !yourAddress().MatchString(text[max(0, at[0]-60):at[0]]) {
					return text[at[0]:at[1]], true
				}
			}
		}
	}
	return "", false
}

var (
	versionHeaders = []string{"server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator"}
	versionNumber  = lazily(`(?i)(?:[a-z][\w.+ -]{0,30}[/ ])?v?\d+\.\d+[\w.-]*`)
	versionFooter  = lazily(`(?i)\b(?:nginx|apache|apache tomcat|jetty(?:://|\()?|lighttpd|openresty|php|microsoft-iis|litespeed)[/ ]v?\d+\.\d+[\w.-]*`)
)

func version(a *answer) (string, bool) {
	for _, name := range versionHeaders {
		if found := versionNumber().FindString(a.header(name)); found != "" {
			return strings.TrimSpace(found), true
		}
	}
	found := versionFooter().FindString(refusal.VisibleText(a.r.Body))
	return found, found != ""
}

// wrongHalf are words that tell an account that exists from one that does not.
var wrongHalf = lazily(`\b(?:(?:user|user ?name|account|e-?mail(?: address)?) (?:does not exist|doesn't exist|was not found|not found|is unknown|is not registered|is not known)|no (?:such )?(?:user|account) (?:with|by|for|exists|was found|found)|unknown (?:user ?name|user|account)\b|(?:wrong|incorrect|invalid) password\b|(?:the|your) password (?:is|was|you typed is|you entered is) (?:wrong|incorrect|invalid))`)

// eitherHalf says that the sentence names both: "user name or password".
var eitherHalf = lazily(`\b(?:or|and|/|and/or)\s+(?:the\s+|your\s+)?$|\bor\s+(?:incorrect|wrong|invalid)?\s*$`)

func tellsAccount(a *answer) bool {
	for _, at := range wrongHalf().FindAllStringIndex(a.text, 8) {
		after := strings.TrimSpace(a.text[at[1]:])
		both := eitherHalf().MatchString(a.text[:at[0]]) || strings.HasPrefix(after, "or ") || strings.HasPrefix(after, "/")
		if !both {
			return true
		}
	}
	return false
}
