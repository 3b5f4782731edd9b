package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/readmit/readmit/agent/capture"
	"github.com/readmit/readmit/agent/cause"
)

// What Debian's apache2, nginx and squid answered to extension/test/record.js.
func TestRecordedServers(t *testing.T) {
	for name, want := range map[string]struct {
		cause  cause.ID
		action cause.Action
	}{
		"apache-basic":           {cause.NoCredentials, cause.SupplyCredentials},
		"apache-basic-wrong":     {cause.WrongCredentials, cause.RetryCredentials},
		"apache-digest":          {cause.NoCredentials, cause.SupplyCredentials},
		"apache-form":            {cause.NoCredentials, cause.LoginAgain},
		"apache-require-user":    {cause.NoPermission, cause.RequestAccess},
		"apache-require-ip":      {cause.DirectoryOrResourceForbidden, cause.CheckURL},
		"apache-no-listing":      {cause.DirectoryOrResourceForbidden, cause.CheckURL},
		"nginx-basic":            {cause.NoCredentials, cause.SupplyCredentials},
		"nginx-basic-wrong":      {cause.WrongCredentials, cause.RetryCredentials},
		"nginx-auth-request-401": {cause.NoCredentials, cause.LoginAgain},
		"nginx-auth-request-403": {cause.Unknown, cause.ReloadPage},
		"nginx-deny":             {cause.Unknown, cause.ReloadPage},
		"nginx-certificate":      {cause.ClientCertificateRequired, cause.ChooseCertificate},
		"squid-denied":           {cause.ProxyOrFilterBlock, cause.RequestAccess},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join("testdata", "servers", name+".http"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			n := 0
			_, err = capture.Read(f, capture.Options{}, func(r capture.Refused) error {
				n++
				e, err := explainOne(r, r.Refusal.Time)
				if err != nil {
					return err
				}
				if e.view.Cause != want.cause || e.inc.Plan[0].Action != want.action {
					top := e.inc.Diagnosis.Ranked[0]
					t.Errorf("%s (%s, %.2f) and %s, want %s and %s", e.view.Cause, top.Cause, top.Probability, e.inc.Plan[0].Action, want.cause, want.action)
				}
				return nil
			})
			if err != nil || n != 1 {
				t.Errorf("%d refusals, %v", n, err)
			}
		})
	}
}
