package nativehost

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/frame"
)

// leaving is an agent that took the preamble and then ended: what is written
// to it fails at once, while its last words are still on their way.
type leaving struct {
	net.Conn // nil: what is not overridden is not called
	words    *bytes.Reader
	greeted  bool
	refused  chan struct{}
	once     sync.Once
}

func (l *leaving) SetWriteDeadline(time.Time) error { return nil }

func (l *leaving) Write(p []byte) (int, error) {
	if !l.greeted {
		l.greeted = true
		return len(p), nil
	}
	defer l.once.Do(func() { close(l.refused) })
	return 0, syscall.EPIPE
}

// Read lets the host see its failed write for a while before the words come.
func (l *leaving) Read(p []byte) (int, error) {
	<-l.refused
	time.Sleep(20 * time.Millisecond) // passes at any speed once the host waits for the words
	return l.words.Read(p)
}

func TestAFailedWriteWaitsForTheLastWords(t *testing.T) {
	const words = `{"id":null}`
	var framed bytes.Buffer
	if err := frame.Write(&framed, []byte(words)); err != nil {
		t.Fatal(err)
	}
	stdin, browserOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	browserIn, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{stdin, browserOut, browserIn, stdout} {
		t.Cleanup(func() { _ = f.Close() })
	}
	if err := frame.Write(browserOut, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	agent := &leaving{words: bytes.NewReader(framed.Bytes()), refused: make(chan struct{})}
	failed := relay(caller{}, agent, stdin, stdout)
	if failed == nil || failed.Code != agentUnavailable {
		t.Errorf("the relay ended with %+v", failed)
	}
	_ = stdout.Close()
	if got, err := io.ReadAll(browserIn); err != nil || !bytes.Equal(got, framed.Bytes()) {
		t.Errorf("the browser got %q, %v", got, err)
	}
}
