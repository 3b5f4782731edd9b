package samplesite

import (
	"net/http"
	"strings"
	"sync"
)

// Count is what was sent to one path, or to all paths of one case.
type Count struct {
	Requests          int `json:"requests"`
	WithCookies       int `json:"withCookies"`
	WithAuthorization int `json:"withAuthorization"`
	// RefusedSends and AcceptedSends split WithAuthorization by the answer. A
	// Digest answer to an old nonce is neither: the password was not judged.
	RefusedSends  int `json:"refusedSends"`
	AcceptedSends int `json:"acceptedSends"`
}

// Counts is everything counted since the last reset.
type Counts struct {
	Cases map[string]Count `json:"cases"` // by Case.ID
	Paths map[string]Count `json:"paths"` // by path; paths beyond the first 500 under "other"
}

// maxPaths bounds the table of paths: whoever walks through random addresses
// must not fill the memory.
const maxPaths = 500

type counter struct {
	mu    sync.Mutex
	cases map[string]*Count
	paths map[string]*Count
}

func newCounter() *counter {
	c := &counter{}
	c.reset()
	return c
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases = map[string]*Count{}
	c.paths = map[string]*Count{}
}

// Counts returns a copy of the counts.
func (s *Site) Counts() Counts {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	return Counts{Cases: copyCounts(s.counts.cases), Paths: copyCounts(s.counts.paths)}
}

func copyCounts(from map[string]*Count) map[string]Count {
	to := make(map[string]Count, len(from))
	for key, count := range from {
		to[key] = *count
	}
	return to
}

// watch counts each request once it is answered.
func (c *counter) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &statusRecorder{ResponseWriter: w}
		// A client that gave up is counted too: what it sent was sent.
		defer func() { c.add(r, recorder.status, w.Header()) }()
		next.ServeHTTP(recorder, r)
	})
}

func (c *counter) add(r *http.Request, status int, answer http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := []*Count{row(c.paths, c.pathKey(r.URL.Path))}
	if id := caseOf(r.URL.Path); id != "" {
		rows = append(rows, row(c.cases, id))
	}
	for _, count := range rows {
		count.Requests++
		if r.Header.Get("Cookie") != "" {
			count.WithCookies++
		}
		if r.Header.Get("Authorization") == "" {
			continue
		}
		count.WithAuthorization++
		switch {
		case strings.Contains(strings.Join(answer.Values("WWW-Authenticate"), ","), "stale=true"):
		case status == http.StatusUnauthorized || status == http.StatusForbidden:
			count.RefusedSends++
		case status != 0:
			count.AcceptedSends++
		}
	}
}

func (c *counter) pathKey(path string) string {
	if _, known := c.paths[path]; known || len(c.paths) < maxPaths {
		return path
	}
	return "other"
}

func row(rows map[string]*Count, key string) *Count {
	if rows[key] == nil {
		rows[key] = &Count{}
	}
	return rows[key]
}

// caseOf is the case with the longest folder that holds the path.
func caseOf(path string) string {
	id, longest := "", 0
	for _, c := range Cases {
		under := path == c.folder || strings.HasPrefix(path, c.folder+"/")
		if under && len(c.folder) > longest {
			id, longest = c.ID, len(c.folder)
		}
	}
	return id
}

// statusRecorder remembers the status that was sent; 0 while none was.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (w *statusRecorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusRecorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
