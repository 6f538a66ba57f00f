package doctor

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// Configuration is how the configuration was found.
type Configuration struct {
	Path     string
	Problems problem.List
	Usable   bool
	// Inline are the secrets that stand in the file itself, by their keys.
	Inline []string
	Mode   fs.FileMode // of the file
}

// othersRead is the bit of a file's mode by which everybody on the machine may read it.
const othersRead = 0o004

func (c Configuration) link() Link {
	l := Link{Name: LinkConfiguration, State: OK, Seen: fmt.Sprintf("%s loads, every secret is there", c.Path)}
	exposed := len(c.Inline) > 0 && c.Mode.Perm()&othersRead != 0
	switch {
	case !c.Usable:
		l.State, l.Seen, l.Do = Broken, first(c.Problems, problem.Error), "mend it; what else is wrong in it is said by answerback run"
	case exposed:
		l.State = Warning
		l.Seen = fmt.Sprintf("everybody on this machine can read %s, and secrets stand in it: %s", c.Path, strings.Join(c.Inline, ", "))
		l.Do = "chmod 600 the file, or put the secrets into the environment or into files of their own"
	case len(c.Problems) > 0:
		l.State, l.Seen = Warning, first(c.Problems, problem.Warning)
		l.Do = cmp.Or(c.Problems[0].Hint, "mend it")
	}
	return l
}

// first is the first problem of a severity, and how many more there are.
func first(problems problem.List, severity problem.Severity) string {
	said, more := "it can't be read", -1
	for _, p := range problems {
		if p.Severity != severity {
			continue
		}
		if more++; more == 0 {
			said = p.String()
		}
	}
	if more > 0 {
		said += fmt.Sprintf(" (and %d more)", more)
	}
	return said
}

// Rules are how the rules were found.
type Rules struct {
	// Problems are what keeps them from being run: errors in them, or what they need and the configuration lacks.
	Problems problem.List
	Loaded   bool
	Count    int
	Needs    []rules.Need
}

func (r Rules) link(accounts []instagram.Account) Link {
	l := Link{Name: LinkRules, State: OK, Seen: fmt.Sprintf("they load: %d of them", r.Count)}
	switch unheard := r.unheard(accounts); {
	case r.Problems.HasErrors() || !r.Loaded:
		l.State, l.Seen, l.Do = Broken, first(r.Problems, problem.Error), "answerback check says all that is wrong"
	case r.Count == 0:
		l.State, l.Seen, l.Do = Warning, "there is no rule: nothing is ever said", "write one"
	case unheard != "":
		l.State, l.Seen, l.Do = Warning, unheard, "log the account in by Facebook Login, or name other accounts in the rule"
	}
	return l
}

// Database is how the database was found.
type Database struct {
	Path   string
	Exists bool
	Mode   fs.FileMode
	// Current is the version of its tables, Known the one that this program knows; neither is told of a file that others
	// may read.
	Current, Known int64
	// Free is how much room the disk has, in bytes, where that is Told.
	Free uint64
	Told bool
}

const (
	littleRoom = 200 << 20 // days of events for most
	noRoom     = 10 << 20
)

func (e *examination) database(ctx context.Context) Link {
	l := Link{Name: LinkDatabase, State: OK}
	d, err := e.Database(ctx)
	switch {
	case err != nil:
		l.State, l.Seen, l.Do = Broken, err.Error(), "mend what it says; the daemon can't start so"
		return l
	case d.Told && d.Free < noRoom:
		l.State, l.Seen, l.Do = Broken, fmt.Sprintf("the disk is full: %d MiB are left", d.Free>>20), "make room: Meta's notifications are turned away until then"
		return l
	case !d.Exists:
		l.Seen = "there is none yet: the daemon makes it at its first start"
		return l
	}
	l.Seen = fmt.Sprintf("%s opens, its tables are of version %d", d.Path, d.Current)
	switch {
	case d.Current > d.Known:
		l.State, l.Do = Broken, fmt.Sprintf("use the newer answerback that wrote it: this one knows version %d", d.Known)
	case d.Mode.Perm()&0o077 != 0:
		l.State, l.Seen, l.Do = Warning, fmt.Sprintf("others may read %s (mode %04o), and people's words stand in it", d.Path, d.Mode.Perm()), "chmod 600 the file"
	case d.Current < d.Known:
		l.State, l.Do = Warning, fmt.Sprintf("the daemon brings them to version %d when it starts; make a backup first", d.Known)
	case d.Told && d.Free < littleRoom:
		l.State, l.Do = Warning, fmt.Sprintf("make room: %d MiB are left on the disk", d.Free>>20)
	}
	return l
}
