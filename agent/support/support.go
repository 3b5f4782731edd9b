// Package support hands an incident over to the people who can help: a support
// code of fourteen letters that survives a telephone, and a short report that
// can be pasted into a ticket instead of a screenshot.
//
// It promises that neither holds a secret, page text, a query or an account:
// the code names cause, certainty, step and hour; the report adds the site and
// the redacted address. Text that a site chose is escaped, so that a ticket
// system, a chat or a spreadsheet shows it as text: no link, no formula, no
// markup.
//
// Limits: the code is no identifier (its tag only tells two calls of the same
// hour apart), and its checksum finds slips of the tongue, not forgery.
package support
