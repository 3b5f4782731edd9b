package cause

// Action names one thing a person, or readmit for them, can do next.
type Action string

// The actions.
const (
	SupplyCredentials Action = "supply_credentials"
	RetryCredentials  Action = "retry_credentials"
	ChangePassword    Action = "change_password"
	LoginAgain        Action = "login_again"
	SwitchAccount     Action = "switch_account"
	ClearSiteData     Action = "clear_site_data"
	ReloadPage        Action = "reload_page"
	ReturnToText      Action = "return_to_text" // back to the form, nothing resent
	AllowCookies      Action = "allow_cookies"
	FixClock          Action = "fix_clock"
	CheckURL          Action = "check_url"
	RequestAccess     Action = "request_access"
	CompleteMFA       Action = "complete_mfa"
	SSOLogin          Action = "sso_login"
	CheckDevice       Action = "check_device"
	SolveChallenge    Action = "solve_challenge"
	WaitAndRetry      Action = "wait_and_retry"
	ConnectVPN        Action = "connect_vpn"
	ChooseCertificate Action = "choose_certificate"
	ContactSupport    Action = "contact_support"
	Subscribe         Action = "subscribe"
	None              Action = "none"
)

// ActionEntry is one row of the table of actions.
type ActionEntry struct {
	Action Action
	Number int // append-only, used by support codes; 1 to 63
}
