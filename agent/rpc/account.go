package rpc

import "time"

// Methods of the command line alone: which accounts are stored, and where.
// None of them returns a secret.
const (
	MethodAccountList   = "account/list"
	MethodAccountStore  = "account/store"
	MethodAccountRemove = "account/remove"
	MethodStoreChoose   = "store/choose"
)

// AccountListParams asks for a page of all stored accounts, ordered by site.
type AccountListParams struct {
	After string `json:"after,omitempty"` // the id that the page before ended with
}

// AccountListResult is one page; More says that there is another.
type AccountListResult struct {
	Accounts []StoredAccount `json:"accounts"`
	More     bool            `json:"more,omitempty"`
}

// StoredAccount is one account that has a secret.
type StoredAccount struct {
	ID       string       `json:"id"`
	Origin   string       `json:"origin"`
	Realm    string       `json:"realm"` // the site's words, trimmed, at most 80 characters
	AnyRealm bool         `json:"anyRealm,omitempty"`
	Account  string       `json:"account"`
	State    AccountState `json:"state"`
	Worked   time.Time    `json:"worked,omitzero"` // when the site last accepted it
}

// AccountStoreParams stores a secret that the person chose without a site that
// asked for it. It is offered in readmit's window like any other, and sent on
// nobody's word but the person's there.
type AccountStoreParams struct {
	Origin   string     `json:"origin"`
	Realm    string     `json:"realm,omitempty"`
	AnyRealm bool       `json:"anyRealm,omitempty"` // for whatever realm the site names
	Account  string     `json:"account"`
	Secret   WireSecret `json:"secret"`
	Replace  bool       `json:"replace,omitempty"` // else one that is stored stays as it is
}

// AccountStoreResult says what was done.
type AccountStoreResult struct {
	Did Stored `json:"did"`
}

// Stored is what became of a secret that was handed over to be kept.
type Stored string

// What can become of it.
const (
	StoredAdded     Stored = "added"
	StoredReplaced  Stored = "replaced"
	StoredUnchanged Stored = "unchanged" // the same secret was there, with its history
)

// AccountParams names one stored account.
type AccountParams struct {
	ID string `json:"id"`
}

// StoreChooseParams says where secrets are kept from now on. Nothing is moved.
type StoreChooseParams struct {
	Store      string     `json:"store"`               // "keyring" | "file"
	Passphrase WireSecret `json:"passphrase,omitzero"` // of a new file
}

// StoreChooseResult says where secrets are kept from the agent's next start
// on; it ends after this reply.
type StoreChooseResult struct {
	Store string `json:"store"`
	File  string `json:"file,omitempty"`
	// PassphraseFile is where the passphrase is kept, for this user alone.
	PassphraseFile string `json:"passphraseFile,omitempty"`
	// Left is how many accounts stay in the store that was used so far.
	Left int `json:"left,omitempty"`
}
