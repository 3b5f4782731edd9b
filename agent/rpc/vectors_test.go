package rpc_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/rpc"
)

// vector is one file of testdata: a message as it stands on the wire, and what
// kind it is. The extension's tests read the same files.
type vector struct {
	Method string          `json:"method"`
	Kind   string          `json:"kind"` // params | result | error
	Value  json.RawMessage `json:"value"`
}

// shapes has every message of the wire. A method without an entry here, or an
// entry without a vector, fails the test.
var shapes = map[string]struct{ params, result any }{
	rpc.MethodInitialize:        {rpc.InitializeParams{}, rpc.InitializeResult{}},
	rpc.MethodRefusalReport:     {rpc.ReportParams{}, rpc.ViewResult{}},
	rpc.MethodRefusalAmend:      {rpc.AmendParams{}, rpc.ViewResult{}},
	rpc.MethodCredentialList:    {rpc.ListParams{}, rpc.ListResult{}},
	rpc.MethodCredentialAsk:     {rpc.AskParams{}, struct{}{}},
	rpc.MethodCredentialRelease: {rpc.ReleaseParams{}, rpc.ReleaseResult{}},
	rpc.MethodCredentialFilled:  {rpc.FilledParams{}, rpc.FilledResult{}},
	rpc.MethodCredentialSave:    {rpc.SaveParams{}, struct{}{}},
	rpc.MethodCredentialForget:  {rpc.ForgetParams{}, struct{}{}},
	rpc.MethodRecoveryOutcome:   {rpc.OutcomeParams{}, rpc.ViewResult{}},
	rpc.MethodSupportReport:     {rpc.IncidentParams{}, rpc.ReportResult{}},
	rpc.MethodIncidentList:      {rpc.ListIncidentsParams{}, rpc.ListIncidentsResult{}},
	rpc.MethodIncidentShow:      {rpc.IncidentParams{}, rpc.ViewResult{}},
	rpc.MethodIncidentClear:     {rpc.ClearParams{}, struct{}{}},
	rpc.MethodStatus:            {struct{}{}, rpc.StatusResult{}},
	rpc.MethodAgentStop:         {struct{}{}, struct{}{}},
	rpc.MethodAccountList:       {rpc.AccountListParams{}, rpc.AccountListResult{}},
	rpc.MethodAccountStore:      {rpc.AccountStoreParams{}, rpc.AccountStoreResult{}},
	rpc.MethodAccountRemove:     {rpc.AccountParams{}, struct{}{}},
	rpc.MethodStoreChoose:       {rpc.StoreChooseParams{}, rpc.StoreChooseResult{}},
	rpc.NotifyCaller:            {rpc.Caller{}, nil},
	rpc.NotifyIncidentUpdated:   {rpc.ViewResult{}, nil},
	"error":                     {rpc.Response{}, nil},
}

// Every vector decodes without an unknown member and comes back as it was, so
// that a renamed field shows here before it shows in a browser.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v vector
			strictly(t, data, &v)
			shape, ok := shapes[v.Method]
			if !ok {
				t.Fatalf("no such method: %q", v.Method)
			}
			want := shape.params
			if v.Kind == "result" {
				want = shape.result
			}
			message := reflect.New(reflect.TypeOf(want))
			strictly(t, v.Value, message.Interface())
			again, err := json.Marshal(message.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, v.Value), tree(t, again)); diff != "" {
				t.Error(diff)
			}
			seen[v.Method+" "+v.Kind] = true
		})
	}
	for method, shape := range shapes {
		if !seen[method+" params"] {
			t.Errorf("no vector of the params of %s", method)
		}
		if shape.result != nil && !seen[method+" result"] {
			t.Errorf("no vector of the result of %s", method)
		}
	}
}

func strictly(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func tree(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
