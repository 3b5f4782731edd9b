// Package rpc holds the messages that exist only on the wire between
// extension, host, agent and command line, and the error codes they may carry.
//
// It promises stable names: testdata holds one JSON vector per message, read
// by the Go tests and by the extension's. It does no I/O; framing is package
// frame's, dispatch the agent's.
package rpc

import (
	"time"

	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

// Methods.
const (
	MethodInitialize        = "initialize"
	MethodRefusalReport     = "refusal/report"
	MethodRefusalAmend      = "refusal/amend"
	MethodCredentialList    = "credential/list"
	MethodCredentialAsk     = "credential/ask"
	MethodCredentialRelease = "credential/release"
	MethodCredentialFilled  = "credential/filled"
	MethodCredentialSave    = "credential/save"
	MethodCredentialForget  = "credential/forget"
	MethodRecoveryOutcome   = "recovery/outcome"
	MethodSupportReport     = "support/report"
	MethodIncidentList      = "incident/list"
	MethodIncidentShow      = "incident/show"
	MethodIncidentClear     = "incident/clear"
	MethodStatus            = "status"
	MethodAgentStop         = "agent/stop"

	// NotifyCaller is the host's preamble, its first frame on the socket.
	NotifyCaller = "caller"
	// NotifyIncidentUpdated tells the connection that reported an incident
	// that its view changed.
	NotifyIncidentUpdated = "incident/updated"
)

// Caller is the preamble: who is behind this connection. The agent takes it
// from the host, never from the extension's JSON.
type Caller struct {
	Engine      string `json:"engine"` // "chromium" | "firefox" | "cli"
	ExtensionID string `json:"extensionId,omitempty"`
	BrowserPID  int    `json:"browserPid,omitempty"`
	HostVersion string `json:"hostVersion"`
}

// InitializeParams opens a conversation.
type InitializeParams struct {
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
	Language string `json:"language,omitempty"` // BCP 47
}

// InitializeResult answers it.
type InitializeResult struct {
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
}

// ReportParams reports one refused response.
type ReportParams struct {
	Refusal refusal.Refusal `json:"refusal"`
	// LastSuccess is the hour of the origin's last response below 400.
	LastSuccess time.Time `json:"lastSuccess,omitzero"`
	// Challenged says that the browser is holding the request for an answer
	// (onAuthRequired), so that a credential may be released for it.
	Challenged bool `json:"challenged,omitempty"`
	// Challenger is the origin that challenged, as the browser names it
	// (scheme from the URL, host and port from details.challenger); IsProxy as
	// the browser says.
	Challenger string `json:"challenger,omitempty"`
	IsProxy    bool   `json:"isProxy,omitempty"`
	// TopOrigin is the origin of the tab's page, and VisibleMainFrame whether
	// this is the main frame of the active tab of the focused window.
	TopOrigin        string `json:"topOrigin,omitempty"`
	VisibleMainFrame bool   `json:"visibleMainFrame,omitempty"`
}

// ViewResult carries an incident's current view.
type ViewResult struct {
	IncidentID string       `json:"incidentId"`
	View       explain.View `json:"view"`
	// Probes that the agent grants now; counted, so ask only to run them.
	Probes []refusal.ProbeKind `json:"probes,omitempty"`
	// LookOnClick says that the probe without cookies waits for a click, since
	// the URL itself may be a key.
	LookOnClick bool `json:"lookOnClick,omitempty"`
	// WantsPage asks for the page's title and body, which are not at hand: they
	// are kept for minutes only, and whatever is added later is judged without.
	WantsPage bool `json:"wantsPage,omitempty"`
	// NotKept says that the server accepted a sign-in, or an "always here",
	// that could not be remembered.
	NotKept bool `json:"notKept,omitempty"`
}

// AmendParams adds evidence to an incident. Absent fields change nothing.
type AmendParams struct {
	IncidentID    string           `json:"incidentId"`
	Title         *string          `json:"title,omitempty"`
	Body          *string          `json:"body,omitempty"`
	BodyTruncated bool             `json:"bodyTruncated,omitempty"`
	Cookies       []refusal.Cookie `json:"cookies,omitempty"`
	Probes        []refusal.Probe  `json:"probes,omitempty"`
	EmptyPage     refusal.Known    `json:"emptyPage,omitempty"`
	// AskProbes asks which probes may run; Clicked that the person asked for
	// them with a click.
	AskProbes bool `json:"askProbes,omitempty"`
	Clicked   bool `json:"clicked,omitempty"`
}

// ListParams asks for accounts of an incident's protection space, or, with
// Standing, for all standing consents.
type ListParams struct {
	IncidentID string `json:"incidentId,omitempty"`
	Standing   bool   `json:"standing,omitempty"`
	// Form is the origin of the page whose sign-in form the person sees in the
	// top frame: the accounts that may be filled in there are meant.
	Form string `json:"form,omitempty"`
}

// ListResult never carries a secret.
type ListResult struct {
	Space    *Space     `json:"space,omitempty"` // the protection space the window asks about
	Accounts []Account  `json:"accounts"`
	Standing []Standing `json:"standing"`
	CanSave  bool       `json:"canSave"`
}

// Space is one protection space (RFC 9110 11.5) and the scheme to be used.
type Space struct {
	Origin string `json:"origin"`
	Realm  string `json:"realm"` // the site's words, trimmed, at most 80 characters
	Scheme string `json:"scheme"`
}

// Account is one stored account of a protection space.
type Account struct {
	Account  string       `json:"account"`
	State    AccountState `json:"state"`
	Standing bool         `json:"standing"` // "always here" is in force for this incident
	// OnceMore says that a refused or unseen one may be sent one more time in
	// this incident, once the person says so.
	OnceMore bool `json:"onceMore,omitempty"`
}

// AccountState says whether a stored secret may be sent.
type AccountState string

// The states.
const (
	AccountReady   AccountState = "ready"
	AccountRefused AccountState = "refused" // the last send was refused
	AccountUnseen  AccountState = "unseen"  // the outcome of the last send was never seen
)

// Standing is one "always here".
type Standing struct {
	ID      string    `json:"id"`
	Space   Space     `json:"space"`
	Account string    `json:"account"`
	Used    time.Time `json:"used"`
}

// Consent is what the person agreed to in readmit's window.
type Consent string

// The consents.
const (
	ConsentOnce     Consent = "once"
	ConsentAlways   Consent = "always"
	ConsentStanding Consent = "standing" // nobody was asked: an earlier "always" is claimed
	// ConsentOnceMore: "the helpdesk unlocked it: try once". A secret that was
	// refused, or whose outcome was never seen, is sent one more time; it holds
	// for one release of this account in this incident.
	ConsentOnceMore Consent = "once_more"
)

// AskParams asks for the one window that a person is asked in. It is this
// incident's until Over is said, the connection ends or the challenge is too
// old; meanwhile others are told busy.
type AskParams struct {
	IncidentID string `json:"incidentId"`
	Over       bool   `json:"over,omitempty"`
}

// ReleaseParams asks for a secret.
type ReleaseParams struct {
	IncidentID string  `json:"incidentId"`
	Account    string  `json:"account"`
	Consent    Consent `json:"consent"`        // for a form once or once_more alone
	Form       string  `json:"form,omitempty"` // as in ListParams
}

// ReleaseResult is the only message that carries a stored secret. The sender
// holds the credential's lease until it reports the outcome.
type ReleaseResult struct {
	Account string     `json:"account"`
	Secret  WireSecret `json:"secret"`
}

// FilledParams reports what became of a sign-in that was filled into the site's
// own form: recovered when the site took it, refused, unseen, or not_sent when
// the person did not send the form.
type FilledParams struct {
	IncidentID string          `json:"incidentId"`
	Account    string          `json:"account"`
	Result     recovery.Result `json:"result"`
}

// FilledResult answers it. NotKept says that the site took a sign-in that could
// not be remembered.
type FilledResult struct {
	NotKept bool `json:"notKept,omitempty"`
}

// SaveParams hands over a sign-in that the person typed into readmit's window.
// The agent holds it in memory for this incident only; a release takes it from
// there, and with Remember it reaches the keyring once the server accepted it.
type SaveParams struct {
	IncidentID string     `json:"incidentId"`
	Account    string     `json:"account"`
	Secret     WireSecret `json:"secret"`
	Remember   bool       `json:"remember"`
	Form       string     `json:"form,omitempty"` // as in ListParams: it will be filled in there
}

// ForgetParams withdraws a standing consent, or forgets a stored secret.
type ForgetParams struct {
	StandingID string `json:"standingId,omitempty"`
	IncidentID string `json:"incidentId,omitempty"`
	Account    string `json:"account,omitempty"`
	Form       string `json:"form,omitempty"` // as in ListParams: the account stored for the whole site
}

// OutcomeParams reports what a step led to.
type OutcomeParams struct {
	IncidentID string           `json:"incidentId"`
	Outcome    recovery.Outcome `json:"outcome"`
	Account    string           `json:"account,omitempty"` // for supply_credentials: whose secret was sent
}

// ReportResult is the hand-off to a helpdesk.
type ReportResult struct {
	Code string `json:"code"` // the support code, grouped for reading aloud
	Text string `json:"text"` // the redacted report, plain text
}

// IncidentParams names one incident; ListIncidentsParams asks for a page.
type IncidentParams struct {
	IncidentID string `json:"incidentId"`
}

// ListIncidentsParams asks for a page of the journal, newest first.
type ListIncidentsParams struct {
	Before string `json:"before,omitempty"` // an incident id
	Limit  int    `json:"limit,omitempty"`  // 1 to 100, default 20
}

// ListIncidentsResult is one page.
type ListIncidentsResult struct {
	Incidents []ListedIncident `json:"incidents"`
	Next      string           `json:"next,omitempty"`
}

// ListedIncident is an incident's current view and its line in the history.
type ListedIncident struct {
	explain.View
	Past *explain.Past `json:"past,omitempty"`
}

// ClearParams says what is forgotten: one incident, all of one origin, or with
// neither named everything. Never both.
type ClearParams struct {
	IncidentID string `json:"incidentId,omitempty"`
	Origin     string `json:"origin,omitempty"`
}

// StatusResult says how the agent is.
type StatusResult struct {
	Version  string    `json:"version"`
	Protocol int       `json:"protocol"`
	PID      int       `json:"pid"`
	Started  time.Time `json:"started"`
	Keyring  string    `json:"keyring"` // "ok" | "locked" | "absent" | "timeout" | "broken"
	Vault    string    `json:"vault"`   // "keyring" | "file"
	Journal  string    `json:"journal"` // "ok" | "read_only" | "set_aside" | "off"
	// JournalProblem says why the journal takes no entries.
	JournalProblem string `json:"journalProblem,omitempty"`
	Connections    int    `json:"connections"`

	Signatures SignatureStatus `json:"signatures"`
}

// SignatureStatus says which signature rows are in force.
type SignatureStatus struct {
	Rows   int    `json:"rows"`
	Serial int    `json:"serial"` // the larger, the newer
	Source string `json:"source"` // "built_in" | "file"
	// Problem says why the file in the system folder is not used, and Hint
	// what helps.
	Problem string `json:"problem,omitempty"`
	Hint    string `json:"hint,omitempty"`
}
