package challenge

import "testing"

var fromServer = []string{
	`Negotiate`, `NTLM`,
	`Digest realm="Staff area", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41", algorithm=SHA-256, stale=false`,
	`Basic realm="Staff area", charset="UTF-8"`,
}

// BenchmarkParse is the budget of a challenge: at most 1 us for one.
func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name  string
		lines []string
	}{
		{"Basic", fromServer[3:]},
		{"Digest", fromServer[2:3]},
		{"FourAtOnce", fromServer},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if cs, err := Parse(c.lines...); err != nil || len(cs) != len(c.lines) {
					b.Fatal(cs, err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if read, err := Read(fromServer...); err != nil || !read.Certain() {
			b.Fatal(read, err)
		}
	}
}
