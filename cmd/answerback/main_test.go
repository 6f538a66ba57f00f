package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"answerback": main})
}

// The command line as a user has it, one script for each thing that they do. Scripts about the daemon have a fake
// Instagram and a few commands more; see daemon_test.go.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"daemon": startScriptDaemon, "end": endScriptDaemon, "log": waitForLog, "send": sendNotification,
			"replies": waitForReplies, "until": until, "save": save, "fail": fail, "refuse": refuse, "lose": lose, "hold": hold, "held": held, "release": release, "mask": mask, "occupy": occupy,
			"nosecrets": noSecrets, "tie": tie, "hook": hookFields, "reach": reach, "fill": fill, "status": exitStatus, "token": giveToken, "expire": expireToken,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", root)
			return setUpDaemon(env)
		},
	})
}
