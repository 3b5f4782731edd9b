package ipc

import (
	"net"

	"golang.org/x/sys/unix"
)

func peerOf(conn net.Conn) (Peer, error) {
	return credentials(conn, func(fd int) (Peer, error) {
		cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil {
			return Peer{}, err
		}
		return Peer{UID: int(cred.Uid), PID: int(cred.Pid)}, nil
	})
}
