package atomicfile

// syncFolder does nothing: Windows has no call that syncs a folder.
func syncFolder(string) {}
