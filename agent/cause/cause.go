// Package cause holds the two closed vocabularies of readmit: why a page was
// refused, and what a person can do about it.
//
// Ids and numbers are stable: ids appear in journals, policies and JSON,
// numbers in support codes. Entries are only ever appended, never renumbered
// or reused. The package holds data and look-ups, no sentences: those are made
// in package explain.
package cause

// ID names one cause, such as "session_expired".
type ID string

// Family groups causes that a person experiences alike. It decides tone and
// icon, never the ranking.
type Family string

// The families.
const (
	FamilySignIn  Family = "sign_in" // proving who you are mends it
	FamilyAccess  Family = "access"  // someone has to grant something
	FamilyBlocked Family = "blocked" // a filter stands in between
	FamilySite    Family = "site"    // the site or the address is at fault
	FamilyDevice  Family = "device"  // something on this computer
	FamilyUnknown Family = "unknown" // nothing points anywhere
)

// The causes.
const (
	NoCredentials                ID = "no_credentials"
	WrongCredentials             ID = "wrong_credentials"
	PasswordExpired              ID = "password_expired"
	SessionExpired               ID = "session_expired"
	TokenExpired                 ID = "token_expired"
	TokenInvalid                 ID = "token_invalid"
	TokenMissing                 ID = "token_missing"
	StepUpRequired               ID = "step_up_required"
	SSORequired                  ID = "sso_required"
	WrongAccount                 ID = "wrong_account"
	CSRFOrStaleForm              ID = "csrf_or_stale_form"
	CookiesBlocked               ID = "cookies_blocked"
	ClockSkew                    ID = "clock_skew"
	InsufficientScope            ID = "insufficient_scope"
	NoPermission                 ID = "no_permission"
	AccountDisabledOrLocked      ID = "account_disabled_or_locked"
	SubscriptionRequired         ID = "subscription_required"
	DeviceNotAllowed             ID = "device_not_allowed"
	IPOrGeoBlocked               ID = "ip_or_geo_blocked"
	VPNOrNetworkRequired         ID = "vpn_or_network_required"
	BotChallenge                 ID = "bot_challenge"
	WAFBlock                     ID = "waf_block"
	RateLimited                  ID = "rate_limited"
	HotlinkOrReferer             ID = "hotlink_or_referer"
	ClientCertificateRequired    ID = "client_certificate_required"
	DirectoryOrResourceForbidden ID = "directory_or_resource_forbidden"
	WrongURL                     ID = "wrong_url"
	ProxyOrFilterBlock           ID = "proxy_or_filter_block"
	CaptivePortal                ID = "captive_portal"
	SignatureMismatch            ID = "signature_mismatch"
	UnsupportedScheme            ID = "unsupported_scheme"
	ServerMisconfigured          ID = "server_misconfigured"
	ServiceOutage                ID = "service_outage"
	StaleSiteData                ID = "stale_site_data"
	Unknown                      ID = "unknown"
)

// Entry is one row of the table of causes.
type Entry struct {
	ID     ID
	Number int // append-only, used by support codes; 1 to 63
	Family Family
}
