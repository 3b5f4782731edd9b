package cause

// All holds every cause. Numbers are append-only: support codes carry them.
var All = []Entry{
	{NoCredentials, 1, FamilySignIn},
	{WrongCredentials, 2, FamilySignIn},
	{PasswordExpired, 3, FamilySignIn},
	{SessionExpired, 4, FamilySignIn},
	{TokenExpired, 5, FamilySignIn},
	{TokenInvalid, 6, FamilySignIn},
	{TokenMissing, 7, FamilySignIn},
	{StepUpRequired, 8, FamilySignIn},
	{SSORequired, 9, FamilySignIn},
	{WrongAccount, 10, FamilySignIn},
	{CSRFOrStaleForm, 11, FamilySite},
	{CookiesBlocked, 12, FamilyDevice},
	{ClockSkew, 13, FamilyDevice},
	{InsufficientScope, 14, FamilyAccess},
	{NoPermission, 15, FamilyAccess},
	{AccountDisabledOrLocked, 16, FamilyAccess},
	{SubscriptionRequired, 17, FamilyAccess},
	{DeviceNotAllowed, 18, FamilyDevice},
	{IPOrGeoBlocked, 19, FamilyBlocked},
	{VPNOrNetworkRequired, 20, FamilyDevice},
	{BotChallenge, 21, FamilyBlocked},
	{WAFBlock, 22, FamilyBlocked},
	{RateLimited, 23, FamilyBlocked},
	{HotlinkOrReferer, 24, FamilySite},
	{ClientCertificateRequired, 25, FamilyDevice},
	{DirectoryOrResourceForbidden, 26, FamilySite},
	{WrongURL, 27, FamilySite},
	{ProxyOrFilterBlock, 28, FamilyBlocked},
	{CaptivePortal, 29, FamilyBlocked},
	{SignatureMismatch, 30, FamilySite},
	{UnsupportedScheme, 31, FamilySite},
	{ServerMisconfigured, 32, FamilySite},
	{ServiceOutage, 33, FamilySite},
	{Unknown, 34, FamilyUnknown},
	{StaleSiteData, 35, FamilyDevice},
}

// Actions holds every action. Numbers are append-only.
var Actions = []ActionEntry{
	{SupplyCredentials, 1},
	{RetryCredentials, 2},
	{ChangePassword, 3},
	{LoginAgain, 4},
	{SwitchAccount, 5},
	{ClearSiteData, 6},
	{ReloadPage, 7},
	{ReturnToText, 8},
	{AllowCookies, 9},
	{FixClock, 10},
	{CheckURL, 11},
	{RequestAccess, 12},
	{CompleteMFA, 13},
	{SSOLogin, 14},
	{CheckDevice, 15},
	{SolveChallenge, 16},
	{WaitAndRetry, 17},
	{ConnectVPN, 18},
	{ChooseCertificate, 19},
	{ContactSupport, 20},
	{Subscribe, 21},
	{None, 22},
}

var (
	byID     = index(All, func(e Entry) ID { return e.ID })
	byNumber = index(All, func(e Entry) int { return e.Number })

	actionByID     = index(Actions, func(e ActionEntry) Action { return e.Action })
	actionByNumber = index(Actions, func(e ActionEntry) int { return e.Number })
)

// ByID returns the entry of a cause; ok is false for an id that is none.
func ByID(id ID) (e Entry, ok bool) {
	e, ok = byID[id]
	return e, ok
}

// ByNumber returns the cause of a number, as support codes carry it.
func ByNumber(n int) (e Entry, ok bool) {
	e, ok = byNumber[n]
	return e, ok
}

// ActionByID returns the entry of an action; ok is false for an id that is none.
func ActionByID(a Action) (e ActionEntry, ok bool) {
	e, ok = actionByID[a]
	return e, ok
}

// ActionByNumber returns the action of a number, as support codes carry it.
func ActionByNumber(n int) (e ActionEntry, ok bool) {
	e, ok = actionByNumber[n]
	return e, ok
}

func index[K comparable, E any](table []E, key func(E) K) map[K]E {
	m := make(map[K]E, len(table))
	for _, e := range table {
		m[key(e)] = e
	}
	return m
}
