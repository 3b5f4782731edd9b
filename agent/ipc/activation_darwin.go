package ipc

import "net"

// activated returns nil: launchd starts the agent without a socket.
func activated() (*net.UnixListener, error) { return nil, nil }
