package register

// ForEverybody has nothing to refuse: rights come from the folder there.
func ForEverybody(string) error { return nil }
