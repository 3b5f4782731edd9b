package capture

import (
	"encoding/json"
	"fmt"
)

// entryOf is a HAR entry; request and response are further members, as JSON.
func entryOf(url string, status int, request, response string) string {
	return fmt.Sprintf(`{"startedDateTime":"2026-11-24T10:00:00Z","time":5,"request":{"method":"GET","url":%s%s},"response":{"status":%d%s}}`,
		quoted(url), request, status, response)
}

func refusedEntry(url string) string { return entryOf(url, 403, "", "") }

// harOf is a HAR file of entries.
func harOf(entries ...string) string {
	out := `{"log":{"version":"1.2","entries":[`
	for i, e := range entries {
		if i > 0 {
			out += ","
		}
		out += e
	}
	return out + "]}}"
}

func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}
