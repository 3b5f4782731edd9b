package vault

import "context"

// reach takes the Credential Manager to be there: it is part of the system and
// unlocked while its user is signed in.
func reach(context.Context) (State, error) { return StateOK, nil }
