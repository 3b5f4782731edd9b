package agent

import (
	"errors"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

func notFound(what string) *rpc.Error {
	return &rpc.Error{Code: rpc.CodeNotFound, Message: what + " is not known", Hint: "reload the page and try again"}
}

func notAllowed(why string) *rpc.Error {
	return &rpc.Error{Code: rpc.CodeNotAllowed, Message: why}
}

func invalid(why string) *rpc.Error {
	return &rpc.Error{Code: rpc.CodeBadParams, Message: why}
}

// verdictError says on the wire why nothing was released.
func verdictError(d release.Decision) *rpc.Error {
	switch d.Verdict {
	case release.AskPerson:
		return &rpc.Error{Code: rpc.CodeConsentNeeded, Message: d.Reason, Hint: "ask in readmit's window"}
	case release.RefusedBefore:
		return &rpc.Error{Code: rpc.CodeRefusedBefore, Message: d.Reason, Hint: "type a new password, or use another account"}
	case release.Busy:
		return &rpc.Error{Code: rpc.CodeBusy, Message: d.Reason, Hint: "wait for its outcome", Retryable: true}
	default:
		return notAllowed(d.Reason)
	}
}

// vaultError says on the wire what the vault's error means for the person.
func vaultError(err error) error {
	fault := &rpc.Error{Retryable: true, Hint: hintOf(err)}
	switch {
	case errors.Is(err, vault.ErrNotFound):
		return notFound("this account")
	case errors.Is(err, vault.ErrTooBig):
		return invalid("the sign-in is too long to be stored")
	case errors.Is(err, vault.ErrLocked):
		fault.Code, fault.Message = rpc.CodeKeyringLocked, "the password store is locked"
	case errors.Is(err, vault.ErrAbsent):
		fault.Code, fault.Message = rpc.CodeKeyringAbsent, "there is no password store"
	case errors.Is(err, vault.ErrTimeout):
		fault.Code, fault.Message = rpc.CodeKeyringTimeout, "the password store did not answer in time"
	case errors.Is(err, vault.ErrBroken):
		fault.Code, fault.Message, fault.Retryable = rpc.CodeKeyringBroken, "the password store cannot be used", false
	default:
		return err
	}
	if fault.Hint == "" {
		fault.Hint = `run "readmit doctor"`
	}
	return fault
}

// journalError says on the wire why nothing can be recorded.
func journalError(err error) error {
	switch {
	case errors.Is(err, journal.ErrReadOnly):
		return &rpc.Error{Code: rpc.CodeJournalUnavailable, Message: "the journal takes no entries, so no password is sent", Hint: `run "readmit doctor"`}
	case errors.Is(err, journal.ErrDamaged):
		return &rpc.Error{Code: rpc.CodeJournalDamaged, Message: "the journal was damaged and set aside", Hint: "try once more", Retryable: true}
	case errors.Is(err, journal.ErrNotFound):
		return notFound("this entry")
	default:
		return err
	}
}
