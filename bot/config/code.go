package config

// The codes of what can be wrong in a configuration, beside those of the YAML itself (1xx, yamlpos).
const (
	codeEmpty       = "E401" // nothing in the file
	codeMissing     = "E402" // a key that is needed
	codeValue       = "E403" // a value that its key doesn't take
	codeTwice       = "E404" // something that may stand there once
	codeEnvironment = "E405" // ${NAME}: unset, empty, badly written
	codeSecret      = "E406" // a secret, or the file that holds it
	codeUnbuilt     = "E407" // what this version lacks
	codePlace       = "E408" // a rule notifies a place that isn't named
	codePage        = "E409" // a rule replies privately from an account without its Page
	codeReadable    = "W402" // a secret that everybody can read
	codeLogin       = "W405" // rules for what an account's login may not tell of
	codeStranger    = "W407" // rules for accounts that nobody knows
	codeOften       = "W406" // a sweep that costs more than it finds
)
