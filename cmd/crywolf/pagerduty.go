package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/ingest"
)

// tokenVariables are asked in this order. A token is never a flag: process lists and shell histories show flags.
var tokenVariables = []string{"CRYWOLF_PAGERDUTY_TOKEN", "PAGERDUTY_TOKEN", "PAGERDUTY_USER_API_KEY", "PAGERDUTY_API_KEY"}

// token finds the PagerDuty token and the name of the variable it came from.
func (a *app) token() (token, variable string, err error) {
	for _, name := range tokenVariables {
		value := strings.TrimSpace(a.env[name])
		switch {
		case value == "":
		case token == "":
			token, variable = value, name
		case value != token:
			a.warn("%s is used; %s is set too, to another token", variable, name)
		}
	}
	if token == "" {
		return "", "", noToken()
	}
	return token, variable, nil
}

func noToken() *failure {
	return &failure{code: exitAuth, what: "no PagerDuty token found", why: []string{
		"Looked in " + strings.Join(tokenVariables[:3], ", "),
		"and " + tokenVariables[3] + ". A read-only key is enough:  export PAGERDUTY_TOKEN=…"},
		try: "crywolf demo   (needs no account)"}
}

// connection says where PagerDuty is.
type connection struct{ apiURL, region string }

func (c *connection) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.apiURL, "api-url", "", "`URL` of the API (default: CRYWOLF_API_URL, PAGERDUTY_API_HOST, else PagerDuty's own)")
	cmd.Flags().StringVar(&c.region, "region", "", "us or eu (default: PAGERDUTY_SERVICE_REGION, else us)")
}

// resolve fills in what the environment says and checks both.
func (c *connection) resolve(a *app) error {
	for _, name := range []string{"CRYWOLF_API_URL", "PAGERDUTY_API_HOST"} {
		if c.apiURL == "" {
			c.apiURL = strings.TrimSpace(a.env[name])
		}
	}
	if c.apiURL != "" && !strings.Contains(c.apiURL, "://") {
		c.apiURL = "https://" + c.apiURL // PAGERDUTY_API_HOST is a host in some tools and a URL in others
	}
	c.apiURL = strings.TrimRight(c.apiURL, "/")
	if c.region == "" {
		c.region = strings.ToLower(strings.TrimSpace(a.env["PAGERDUTY_SERVICE_REGION"]))
	}
	if c.region != "" && c.region != "us" && c.region != "eu" {
		return misuse(fmt.Sprintf("region %q is neither us nor eu", c.region), "--region us or --region eu")
	}
	return nil
}

// pagerDutyFailure puts the errors of talking to PagerDuty into the user's words.
func (a *app) pagerDutyFailure(err error) *failure {
	var auth *ingest.AuthError
	var mismatch *ingest.AccountMismatchError
	var madeBy *ingest.MadeByError
	var api *ingest.APIError
	var transport *ingest.TransportError
	switch {
	case errors.Is(err, ingest.ErrAddress):
		return misuseOf(err, err.Error(), "--api-url https://HOST, or CRYWOLF_API_URL, without a user in it")
	case errors.As(err, &auth) && auth.What != "":
		return &failure{code: exitAuth, what: fmt.Sprintf("the token may not read %s (%d)", auth.What, auth.Status), cause: err,
			why: []string{"Every report needs them. A user's own key sees only what the user may see."},
			try: readOnlyKey}
	case errors.As(err, &auth):
		return &failure{code: exitAuth, what: fmt.Sprintf("PagerDuty refused the token (%d)", auth.Status), cause: err,
			why: []string{"It may be mistyped, revoked, or of the other region (--region eu)."},
			try: "a new read-only key in PAGERDUTY_TOKEN, then crywolf sync" + a.dbFlag()}
	case errors.As(err, &mismatch):
		return misuseOf(err, fmt.Sprintf("the token is of account %s, the database of account %s", mismatch.Have, mismatch.Want),
			"crywolf sync --db FILE   (one database an account)", "Nothing was changed.")
	case errors.As(err, &api), errors.As(err, &transport):
		return &failure{code: exitFailed, what: firstLine(err.Error()), cause: err, why: []string{troubleOf(api, transport)},
			try: "the same command later"}
	case errors.As(err, &madeBy):
		return misuseOf(err, fmt.Sprintf("this database was made by crywolf %s; %s does not write into it", madeBy.Have, madeBy.Want),
			"--db FILE with another file", "Nothing was changed.")
	}
	return nil
}

// troubleOf says where the trouble is likely to be.
func troubleOf(api *ingest.APIError, transport *ingest.TransportError) string {
	switch {
	case api == nil && transport.Foreign:
		return "Something else than PagerDuty answered: a proxy, or the log-in page of a network?"
	case api == nil:
		return "Is there a connection to it, and is the address right (--api-url, --region)?"
	case api.IsRateLimit():
		return "The token's requests are used up, perhaps by another program with the same token."
	case api.IsTemporary():
		return "PagerDuty has trouble, or something on the way to it. It was asked again for minutes."
	}
	return "PagerDuty does not take this request."
}

func misuseOf(cause error, what, try string, why ...string) *failure {
	f := misuse(what, try, why...)
	f.cause = cause
	return f
}
