package demo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestTheExtensionIsLoadedOverTheDebuggingProtocol(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []string // after the greeting, one entry per question
		want    string   // in the error; empty for success
	}{
		{"it loads", []string{`{"from":"root","addonsActor":"a1"}`, `{"from":"a1","addon":{"id":"x"}}`}, ""},
		{"events in between are skipped", []string{
			`{"from":"root","type":"tabListChanged"}` + "\n" + `{"from":"root","addonsActor":"a1"}`,
			`{"from":"other"}` + "\n" + `{"from":"a1","addon":{"id":"x"}}`}, ""},
		{"its refusal is told", []string{`{"from":"root","addonsActor":"a1"}`, `{"from":"a1","error":"bad","message":"no manifest"}`}, "bad: no manifest"},
		{"one without add-ons is told", []string{`{"from":"root"}`}, "no actor"},
		{"one that says nothing is told", nil, "greeting Firefox"},
		{"a packet without length is told", []string{"!"}, "length"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			asked := make(chan []map[string]any, 1)
			go func() { asked <- firefoxThat(theirs, test.answers) }()
			err := installAddon(ours, "/the/extension")
			_ = ours.Close()
			questions := <-asked
			switch {
			case test.want == "" && err != nil:
				t.Fatal(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Fatalf("error %v, want one with %q", err, test.want)
			case test.want != "":
				return
			}
			last := questions[len(questions)-1]
			if last["to"] != "a1" || last["type"] != "installTemporaryAddon" || last["addonPath"] != "/the/extension" {
				t.Errorf("asked %v", last)
			}
		})
	}
}

// firefoxThat greets and answers each question with the next of its answers,
// several packets to a line; then it hangs up.
func firefoxThat(conn net.Conn, answers []string) (questions []map[string]any) {
	defer func() { _ = conn.Close() }()
	send := func(text string) {
		for packet := range strings.SplitSeq(text, "\n") {
			if packet == "!" {
				_, _ = fmt.Fprint(conn, "many:")
				return
			}
			_, _ = fmt.Fprintf(conn, "%d:%s", len(packet), packet)
		}
	}
	send(`{"from":"root","applicationType":"browser"}`)
	in := bufio.NewReader(conn)
	for _, answer := range answers {
		var size int
		if _, err := fmt.Fscanf(in, "%d:", &size); err != nil {
			return questions
		}
		payload := make([]byte, size)
		for n := 0; n < size; {
			read, err := in.Read(payload[n:])
			if err != nil {
				return questions
			}
			n += read
		}
		var question map[string]any
		if err := json.Unmarshal(payload, &question); err != nil {
			return questions
		}
		questions = append(questions, question)
		send(answer)
	}
	return questions
}
