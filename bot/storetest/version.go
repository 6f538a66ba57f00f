package storetest

import (
	"github.com/answerback/answerback/bot/ledger"
)

func versionCases() []testcase {
	return []testcase{
		{"is another one after anything was written", func(f *fixture) {
			last := f.version()
			written := func(what string) {
				f.Helper()
				now := f.version()
				if now == last {
					f.Errorf("the version is the same after %s", what)
				}
				last = now
			}
			f.accept(arrival("a", 0))
			written("an arrival")
			item := f.claimOne(noon())
			written("a claim")
			waiting := planOf("hello", 0)
			waiting.Approve = true
			delivery := f.enter(item.Seq, entryOf(waiting))[0]
			written("an entry")
			f.must(f.atDesk().Approve(f.Context(), delivery.ID, "", noon()))
			written("an approval")
			f.must(f.atDesk().Pause(f.Context(), ledger.Pause{Scope: ledger.ScopeAll, Reason: "a test", Since: noon()}))
			written("a pause")
			f.must(f.atDesk().Resume(f.Context(), ledger.ScopeAll, "", noon()))
			written("the end of a pause")
			f.take(1, noon())
			written("a delivery's sending")
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "5", At: noon()})
			written("a delivery's fate")
		}},
	}
}

func (f *fixture) version() int64 {
	f.Helper()
	version, err := f.Version(f.Context())
	f.must(err)
	return version
}
