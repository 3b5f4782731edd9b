package ipc

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/readmit/readmit/agent/paths"
)

var errPipes = fmt.Errorf("named pipes: %w", errors.ErrUnsupported)

func listen(paths.Dirs) (net.Listener, error)            { return nil, errPipes }
func dial(context.Context, paths.Dirs) (net.Conn, error) { return nil, errPipes }
func holder(paths.Dirs) int                              { return 0 }
func peerOf(net.Conn) (Peer, error)                      { return Peer{}, errPipes }
