package signature

// Condition is a closed vocabulary. Everything that is set must hold; of a
// list of texts one is enough. Texts are compared in lower case.
type Condition struct {
	All []Condition `yaml:"all,omitempty"`
	Any []Condition `yaml:"any,omitempty"`
	Not []Condition `yaml:"not,omitempty"` // none of these holds

	Status  []int       `yaml:"status,omitempty"`
	Header  *HeaderTest `yaml:"header,omitempty"`
	Cookie  []string    `yaml:"cookie,omitempty"`  // a name the browser holds or the answer sets; "x*" for a prefix
	Held    []string    `yaml:"held,omitempty"`    // a name the browser holds; "x*" for a prefix, "*x" for an ending, "!x" for a name that is passed over
	Query   []string    `yaml:"query,omitempty"`   // a query key
	Scheme  []string    `yaml:"scheme,omitempty"`  // of a challenge
	Realm   []string    `yaml:"realm,omitempty"`   // part of a challenge's realm
	Error   []string    `yaml:"error,omitempty"`   // a challenge's error code (RFC 6750 3.1)
	Detail  []string    `yaml:"detail,omitempty"`  // part of its error_description
	Host    []string    `yaml:"host,omitempty"`    // the host or a parent domain of it
	Path    []string    `yaml:"path,omitempty"`    // how the path ends
	Title   []string    `yaml:"title,omitempty"`   // part of the title
	Body    []string    `yaml:"body,omitempty"`    // part of the visible text
	Markup  []string    `yaml:"markup,omitempty"`  // part of the markup itself
	Pattern *Pattern    `yaml:"pattern,omitempty"` // beside a literal, for what literals cannot say
}

// HeaderTest looks at one response header. With none of the three it asks only
// whether the header is there.
type HeaderTest struct {
	Name   string `yaml:"name"`
	Is     string `yaml:"is,omitempty"`
	Has    string `yaml:"has,omitempty"`
	Prefix string `yaml:"prefix,omitempty"`
}
