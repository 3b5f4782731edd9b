package frame_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/frame"
)

func header(size uint32) []byte { return binary.NativeEndian.AppendUint32(nil, size) }

func framed(t testing.TB, payloads ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, payload := range payloads {
		if err := frame.Write(&out, []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestReadSurvivesTorture(t *testing.T) {
	const limit = 64
	full, long := strings.Repeat("f", limit), strings.Repeat("x", limit+1)
	for _, test := range []struct {
		name   string
		stream []byte
		want   []string
		err    error // after want
	}{
		{"nothing at all is the end", nil, nil, io.EOF},
		{"two frames in one read are two frames", framed(t, "one", "two"), []string{"one", "two"}, io.EOF},
		{"non-ASCII text keeps its bytes", framed(t, "Grüße \u202e 網站 \x00"), []string{"Grüße \u202e 網站 \x00"}, io.EOF},
		{"a frame of the limit passes", framed(t, full), []string{full}, io.EOF},
		{"a frame above the limit does not", framed(t, "ok", long), []string{"ok"}, frame.ErrTooLarge},
		{"the largest claim is refused", header(0xFFFFFFFF), nil, frame.ErrTooLarge},
		{"a frame whose last byte is missing is no clean end", framed(t, "ok")[:5], nil, io.ErrUnexpectedEOF},
		{"zero length is bad", append(framed(t, "ok"), header(0)...), []string{"ok"}, frame.ErrBadFrame},
		{"an end inside the header is no clean end", header(3)[:2], nil, io.ErrUnexpectedEOF},
		{"an end after the header is no clean end", header(3), nil, io.ErrUnexpectedEOF},
		{"an end inside the payload is no clean end", framed(t, "abc")[:6], nil, io.ErrUnexpectedEOF},
	} {
		for how, wrap := range map[string]func(io.Reader) io.Reader{
			"whole":                func(r io.Reader) io.Reader { return r },
			"one byte at a time":   iotest.OneByteReader,
			"in halves":            iotest.HalfReader,
			"with data beside EOF": iotest.DataErrReader,
		} {
			t.Run(test.name+", "+how, func(t *testing.T) {
				stream := wrap(bytes.NewReader(test.stream))
				var got []string
				for {
					payload, err := frame.Read(stream, limit)
					if err != nil {
						if !errors.Is(err, test.err) {
							t.Errorf("ended with %v, want %v", err, test.err)
						}
						if payload != nil {
							t.Errorf("an error came with payload %q", payload)
						}
						break
					}
					got = append(got, string(payload))
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("payloads (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestTooLargeNamesBothFigures(t *testing.T) {
	_, err := frame.Read(bytes.NewReader(header(5000)), 1000)
	var large *frame.TooLargeError
	if !errors.As(err, &large) || large.Size != 5000 || large.Max != 1000 {
		t.Fatalf("got %#v", err)
	}
	for _, figure := range []string{"5000", "1000"} {
		if !strings.Contains(err.Error(), figure) {
			t.Errorf("%q does not name %s", err, figure)
		}
	}
}

func TestReadPassesOnTheErrorOfTheStream(t *testing.T) {
	broken := errors.New("cable cut")
	_, err := frame.Read(io.MultiReader(bytes.NewReader(header(9)), iotest.ErrReader(broken)), 10)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestClaimedLengthAllocatesNothing(t *testing.T) {
	stream := append(header(frame.MaxFromBrowser), "only this"...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const rounds = 100
	for range rounds {
		if _, err := frame.Read(bytes.NewReader(stream), frame.MaxFromBrowser); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / rounds; each > 64<<10 {
		t.Errorf("a claim of %d bytes that were never sent allocated %d", frame.MaxFromBrowser, each)
	}
}

func TestWriteRefusesWhatNoPeerReads(t *testing.T) {
	var out bytes.Buffer
	if err := frame.Write(&out, nil); !errors.Is(err, frame.ErrBadFrame) {
		t.Errorf("empty payload: %v", err)
	}
	if err := frame.Write(&out, make([]byte, frame.MaxFromBrowser+1)); !errors.Is(err, frame.ErrTooLarge) {
		t.Errorf("oversized payload: %v", err)
	}
	if out.Len() != 0 {
		t.Errorf("%d bytes were written", out.Len())
	}
}

// writes records each call of Write.
type writes [][]byte

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, bytes.Clone(p))
	return len(p), nil
}

func TestWriteIsOneCall(t *testing.T) {
	var w writes
	if err := frame.Write(&w, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(writes{append(header(3), "abc"...)}, w); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestBufferClearsWhatItHeld(t *testing.T) {
	for _, test := range []struct {
		name    string
		payload string
	}{
		{"a small frame", "hunter2"},
		{"a frame that made the buffer grow", strings.Repeat("hunter2 ", 40<<10)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b frame.Buffer
			if err := b.Fill(bytes.NewReader(framed(t, test.payload)), frame.MaxFromBrowser); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(framed(t, test.payload), b.Bytes()); diff != "" {
				t.Fatalf("frame changed (-want +got):\n%s", diff)
			}
			held := b.Bytes()
			b.Clear()
			if bytes.ContainsAny(held, "hunter2") {
				t.Error("the payload is still there after Clear")
			}
			if b.Payload() != nil || len(b.Bytes()) != 0 {
				t.Error("the buffer is not empty after Clear")
			}
		})
	}
	t.Run("the smaller memory that a frame outgrew", func(t *testing.T) {
		var first []byte
		stream := bytes.NewReader(framed(t, strings.Repeat("hunter2 ", 40<<10)))
		var b frame.Buffer
		if err := b.Fill(readerFunc(func(p []byte) (int, error) {
			if first == nil && len(p) > 4 {
				first = p
			}
			return stream.Read(p)
		}), frame.MaxFromBrowser); err != nil {
			t.Fatal(err)
		}
		if len(first) == 0 || bytes.ContainsAny(first, "hunter2") {
			t.Errorf("the payload is still in the first %d bytes", len(first))
		}
	})
	t.Run("a frame that broke off", func(t *testing.T) {
		var b frame.Buffer
		if err := b.Fill(bytes.NewReader(framed(t, strings.Repeat("s", 100))), 100); err != nil {
			t.Fatal(err)
		}
		held := b.Bytes()
		short := framed(t, strings.Repeat("secret", 10))
		if err := b.Fill(bytes.NewReader(short[:len(short)-1]), 100); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
		if bytes.ContainsAny(held, "secret") {
			t.Error("part of the payload is still there")
		}
	})
}

func TestBufferLetsGoOfLargeMemory(t *testing.T) {
	var b frame.Buffer
	if err := b.Fill(bytes.NewReader(framed(t, strings.Repeat("x", 1<<20))), 1<<20); err != nil {
		t.Fatal(err)
	}
	b.Clear()
	if kept := cap(b.Bytes()); kept > 64<<10 {
		t.Errorf("%d bytes are kept for the next frame", kept)
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("a"), []byte("b"), 7)
	f.Add([]byte{}, []byte("after an empty one"), 1)
	f.Add(bytes.Repeat([]byte{0xff}, 40<<10), []byte("{}"), 4096)
	f.Fuzz(func(t *testing.T, first, second []byte, limit int) {
		var stream bytes.Buffer
		for _, payload := range [][]byte{first, second} {
			if err := frame.Write(&stream, payload); (err != nil) != (len(payload) == 0) {
				t.Fatalf("writing %d bytes: %v", len(payload), err)
			}
		}
		for _, payload := range [][]byte{first, second} {
			if len(payload) == 0 {
				continue
			}
			got, err := frame.Read(&stream, limit)
			if len(payload) > limit {
				if !errors.Is(err, frame.ErrTooLarge) {
					t.Fatalf("%d bytes passed a limit of %d: %v", len(payload), limit, err)
				}
				return
			}
			if err != nil || !bytes.Equal(got, payload) {
				t.Fatalf("read %d bytes, %v", len(got), err)
			}
		}
		if _, err := frame.Read(&stream, limit); err != io.EOF {
			t.Fatalf("after the last frame: %v", err)
		}
	})
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 'x'})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bytes.NewReader(stream)
		for {
			payload, err := frame.Read(r, 256)
			if err != nil {
				if payload != nil {
					t.Fatal("an error came with a payload")
				}
				return
			}
			if len(payload) == 0 || len(payload) > 256 {
				t.Fatalf("a payload of %d bytes passed", len(payload))
			}
		}
	})
}
