package nativehost

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

var peekNamedPipe = windows.NewLazySystemDLL("kernel32.dll").NewProc("PeekNamedPipe")

// hungUp reports whether the other end of a pipe is closed.
func hungUp(f *os.File) bool {
	var available uint32
	ok, _, err := peekNamedPipe.Call(f.Fd(), 0, 0, 0, uintptr(unsafe.Pointer(&available)), 0)
	return ok == 0 && errors.Is(err, windows.ERROR_BROKEN_PIPE)
}
