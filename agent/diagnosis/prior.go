package diagnosis

import (
	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
)

// rare is the prior of a cause that the status does not suggest: it needs
// evidence of its own to be considered.
const rare = -2.0

// The priors say how often a cause lies behind a status when nothing else is
// known. The differences are small on purpose: servers misuse both codes
// (RFC 9110 15.5.2 and 15.5.4 say how they are meant), so that no status alone
// may decide.
var (
	priorPage401 = map[cause.ID]float64{
		cause.NoCredentials: 0.8, cause.SessionExpired: 0.1, cause.Unknown: 0.6, cause.WrongCredentials: 0.4,
		cause.SSORequired: -0.8, cause.TokenExpired: -1.5, cause.TokenMissing: -1.2, cause.TokenInvalid: -1.5,
		cause.StepUpRequired: -2, cause.NoPermission: -1.5, cause.CookiesBlocked: -2, cause.ServerMisconfigured: -1.5,
	}
	priorPage403 = map[cause.ID]float64{
		cause.Unknown: 0.7, cause.NoPermission: 0.8, cause.WAFBlock: 0, cause.IPOrGeoBlocked: -0.3,
		cause.DirectoryOrResourceForbidden: 0.2, cause.BotChallenge: -0.5, cause.NoCredentials: -0.5,
		cause.SessionExpired: -0.5, cause.CSRFOrStaleForm: -1.2, cause.WrongAccount: -1.2, cause.WrongURL: -1.2,
		cause.StaleSiteData: -1.5, cause.VPNOrNetworkRequired: -1.5, cause.ServerMisconfigured: -1.5,
		cause.ProxyOrFilterBlock: -1.5,
	}
	// What a page asks for in the background carries the sign-in of the page.
	priorAPI401 = map[cause.ID]float64{
		cause.TokenExpired: 0.6, cause.SessionExpired: 0.6, cause.Unknown: 0.8, cause.TokenMissing: 0.3,
		cause.TokenInvalid: 0, cause.NoCredentials: 0, cause.WrongCredentials: -1, cause.SSORequired: -1.5,
		cause.ServerMisconfigured: -1.5,
	}
	priorAPI403 = map[cause.ID]float64{
		cause.Unknown: 0.8, cause.NoPermission: 1.0, cause.InsufficientScope: -0.5, cause.CSRFOrStaleForm: -0.3,
		cause.WAFBlock: -0.3, cause.RateLimited: -1, cause.SessionExpired: -0.5, cause.TokenExpired: -1,
		cause.BotChallenge: -1, cause.HotlinkOrReferer: -1.5, cause.WrongURL: -1.5, cause.ServerMisconfigured: -1.5,
	}
	// What a program asks for by itself carries a key or a password of its own.
	priorProgram401 = map[cause.ID]float64{
		cause.NoCredentials: 0.9, cause.TokenInvalid: 0.6, cause.TokenMissing: 0.5, cause.Unknown: 0.5, cause.WrongCredentials: 0,
		cause.TokenExpired: -0.3, cause.SessionExpired: -0.8, cause.NoPermission: -0.8, cause.SSORequired: -1.5, cause.InsufficientScope: -1.5,
		cause.WrongURL: -1.5, cause.ServerMisconfigured: -1.5,
	}
	priorProgram403 = map[cause.ID]float64{
		cause.NoPermission: 1.2, cause.Unknown: 0.8, cause.InsufficientScope: 0, cause.TokenInvalid: -0.5, cause.TokenMissing: -0.5,
		cause.NoCredentials: -0.3, cause.WAFBlock: -0.3, cause.RateLimited: -0.5, cause.IPOrGeoBlocked: -0.8, cause.BotChallenge: -1,
		cause.SubscriptionRequired: -1.2, cause.AccountDisabledOrLocked: -1.2, cause.TokenExpired: -1, cause.WrongURL: -1.2, cause.ServerMisconfigured: -1.5,
	}
)

// priors are those of all causes, in the order of cause.All.
type priors []float64

var (
	allPage401, allPage403 = complete(priorPage401), complete(priorPage403)
	allAPI401, allAPI403   = complete(priorAPI401), complete(priorAPI403)

	allProgram401, allProgram403 = complete(priorProgram401), complete(priorProgram403)
)

func complete(special map[cause.ID]float64) priors {
	all := make(priors, len(cause.All))
	for i, c := range cause.All {
		all[i] = rare
		if p, ok := special[c.ID]; ok {
			all[i] = p
		}
	}
	return all
}

// priorsOf returns what nobody may change.
func priorsOf(r *refusal.Refusal) priors {
	switch page, program := isPage(r), isProgram(r); {
	case r.Status == 401 && page:
		return allPage401
	case r.Status == 401 && program:
		return allProgram401
	case r.Status == 401:
		return allAPI401
	case page:
		return allPage403
	case program:
		return allProgram403
	default:
		return allAPI403
	}
}

// isPage says whether a person was to see the response as a page. An unknown
// type counts as one: a bare file mostly shows what somebody looked at.
func isPage(r *refusal.Refusal) bool {
	switch r.ResourceType {
	case "", "main_frame", "sub_frame", "document":
		return true
	}
	return false
}

// isProgram says whether a request for data came from no page, as those of
// command lines and scripts do: browsers name the page that asks, and send its cookies.
func isProgram(r *refusal.Refusal) bool {
	return r.ResourceType == "xmlhttprequest" && r.Request.InitiatorOrigin == "" && r.Request.ReferrerOrigin == "" &&
		r.Request.Cookies != refusal.KnownYes
}
