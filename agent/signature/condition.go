package signature

// Condition is a closed vocabulary. Everything that is set must hold; of a
// list of texts one is enough. Texts are compared in lower case.
type Condition struct {
	All []Condition `json:"all,omitempty" yaml:"all,omitempty"`
	Any []Condition `json:"any,omitempty" yaml:"any,omitempty"`
	Not []Condition `json:"not,omitempty" yaml:"not,omitempty"` // none of these holds

	Status  []int       `json:"status,omitempty" yaml:"status,omitempty"`
	Header  *HeaderTest `json:"header,omitempty" yaml:"header,omitempty"`
	Cookie  []string    `json:"cookie,omitempty" yaml:"cookie,omitempty"`   // a name the browser holds or the answer sets; "x*" for a prefix
	Held    []string    `json:"held,omitempty" yaml:"held,omitempty"`       // a name the browser holds; "x*" for a prefix, "*x" for an ending, "!x" for a name that is passed over
	Query   []string    `json:"query,omitempty" yaml:"query,omitempty"`     // a query key
	Scheme  []string    `json:"scheme,omitempty" yaml:"scheme,omitempty"`   // of a challenge
	Realm   []string    `json:"realm,omitempty" yaml:"realm,omitempty"`     // part of a challenge's realm
	Error   []string    `json:"error,omitempty" yaml:"error,omitempty"`     // a challenge's error code (RFC 6750 3.1)
	Detail  []string    `json:"detail,omitempty" yaml:"detail,omitempty"`   // part of its error_description
	Host    []string    `json:"host,omitempty" yaml:"host,omitempty"`       // the host or a parent domain of it
	Path    []string    `json:"path,omitempty" yaml:"path,omitempty"`       // how the path ends
	Title   []string    `json:"title,omitempty" yaml:"title,omitempty"`     // part of the title
	Body    []string    `json:"body,omitempty" yaml:"body,omitempty"`       // part of the visible text
	Markup  []string    `json:"markup,omitempty" yaml:"markup,omitempty"`   // part of the markup itself
	Pattern *Pattern    `json:"pattern,omitempty" yaml:"pattern,omitempty"` // beside a literal, for what literals cannot say
}

// HeaderTest looks at one response header. With none of the three it asks only
// whether the header is there.
type HeaderTest struct {
	Name   string `json:"name" yaml:"name"`
	Is     string `json:"is,omitempty" yaml:"is,omitempty"`
	Has    string `json:"has,omitempty" yaml:"has,omitempty"`
	Prefix string `json:"prefix,omitempty" yaml:"prefix,omitempty"`
}
