package vault

import "context"

// reach takes the Keychain to be there: it is part of the system, and asking
// whether it is unlocked would itself raise the prompt.
func reach(context.Context) (State, error) { return StateOK, nil }
