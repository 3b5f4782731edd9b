package ipc

import (
	"net"

	"golang.org/x/sys/unix"
)

func peerOf(conn net.Conn) (Peer, error) {
	return credentials(conn, func(fd int) (Peer, error) {
		cred, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
		if err != nil {
			return Peer{}, err
		}
		pid, err := unix.GetsockoptInt(fd, unix.SOL_LOCAL, unix.LOCAL_PEERPID)
		if err != nil {
			pid = 0 // a hint only
		}
		return Peer{UID: int(cred.Uid), PID: pid}, nil
	})
}
