package capture

import (
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charsets are the encodings of pages by the names that browsers know them by
// (https://encoding.spec.whatwg.org/#names-and-labels), as far as servers are
// seen to use them. These add 450 KB to the program; Big5 would add 240, and all
// of x/text/encoding/htmlindex 770.
var charsets = map[string]encoding.Encoding{
	"iso-8859-1": charmap.Windows1252, "latin1": charmap.Windows1252, "us-ascii": charmap.Windows1252,
	"windows-1252": charmap.Windows1252, "cp1252": charmap.Windows1252,
	"iso-8859-2": charmap.ISO8859_2, "latin2": charmap.ISO8859_2, "windows-1250": charmap.Windows1250,
	"iso-8859-5": charmap.ISO8859_5, "windows-1251": charmap.Windows1251, "koi8-r": charmap.KOI8R, "koi8-u": charmap.KOI8U,
	"iso-8859-7": charmap.ISO8859_7, "windows-1253": charmap.Windows1253,
	"iso-8859-9": charmap.Windows1254, "windows-1254": charmap.Windows1254,
	"iso-8859-15": charmap.ISO8859_15, "windows-1255": charmap.Windows1255, "windows-1256": charmap.Windows1256,
	"windows-1257": charmap.Windows1257, "iso-8859-13": charmap.ISO8859_13, "windows-1258": charmap.Windows1258,
	"windows-874": charmap.Windows874, "tis-620": charmap.Windows874,
	"shift_jis": japanese.ShiftJIS, "shift-jis": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS,
	"euc-jp": japanese.EUCJP, "iso-2022-jp": japanese.ISO2022JP,
	"gb2312": simplifiedchinese.GBK, "gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
	"euc-kr": korean.EUCKR, "ks_c_5601-1987": korean.EUCKR,
}

// declared is the encoding that a page names itself (HTML 4.2.5.4); it stands
// in the first 1,024 octets.
var declared = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9_:-]+)`)

// inUnicode decodes a body of octets. What is UTF-8 stays as it is, whatever
// its server says; so does what no known name stands for.
func inUnicode(body, contentType string) string {
	whole := body
	for n := 0; n < utf8.UTFMax-1 && len(whole) > 0 && !utf8.ValidString(whole); n++ {
		whole = whole[:len(whole)-1] // it may have been cut within a letter
	}
	if utf8.ValidString(whole) && whole != "" {
		return body
	}
	name := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		name = params["charset"]
	}
	if name == "" {
		if m := declared.FindStringSubmatch(cut(body, 1024)); m != nil {
			name = m[1]
		}
	}
	known := charsets[strings.ToLower(strings.TrimSpace(name))]
	if known == nil {
		return body
	}
	text, err := known.NewDecoder().String(body)
	if err != nil {
		return body
	}
	return text
}
