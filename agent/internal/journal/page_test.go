package journal

import (
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
)

func FuzzPageComesBackAsItWas(f *testing.F) {
	f.Add("https://example.org/x", "recovered", string(cause.LoginAgain), int64(1_790_000_000_000_000_000), []byte{1})
	f.Add("", "", "", int64(0), []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 200, 5, 1, 2})
	f.Add("", "", "", int64(0), append([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 255}, make([]byte, 300)...))
	f.Fuzz(func(t *testing.T, url, closing, helped string, at int64, damaged []byte) {
		if len(closing) < 256 && len(helped) < 256 {
			want := page{URL: url, Opened: time.Unix(0, at).UTC(), Closing: closing, Helped: cause.Action(helped)}
			if got, ok := decodePage(want.encode()); !ok || got != want {
				t.Errorf("%+v, %v, want %+v", got, ok, want)
			}
		}
		if p, ok := decodePage(damaged); !ok && p != (page{}) {
			t.Errorf("an unreadable entry gives %+v", p)
		}
	})
}
