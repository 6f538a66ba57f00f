package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// The test binary is the victim when these are set: the database, and what its keys begin with.
const (
	victimEnv    = "ANSWERBACK_TEST_VICTIM"
	victimRunEnv = "ANSWERBACK_TEST_VICTIM_RUN"
)

// kills is how often the victim is killed, each time on the same database.
const kills = 24

// TestKill kills a program with signal 9 again and again while it takes events in and answers them, and looks each time
// whether the database holds what the program was told that it does: each event once, with one reply.
func TestKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "answerback.db")
	chance := rand.New(rand.NewPCG(1, 2))
	told, over := map[string]progress{}, map[int64]string{}
	for run := range kills {
		hunt(t, path, run, 1+chance.IntN(150), told)
		if t.Failed() {
			return
		}
		if run == kills-1 {
			clear(over) // at the end all are looked at once more
		}
		examine(t, path, told, over)
	}
	if len(told) < kills {
		t.Errorf("only %d events were accepted", len(told))
	}
}

// progress is how far the store has said that an event is.
type progress int

const (
	accepted progress = iota + 1
	entered
	posted
)

var progressNames = map[string]progress{"accepted": accepted, "entered": entered, "posted": posted}

// hunt starts a victim, lets it report so many times, kills it, and notes what it was told until then.
func hunt(t *testing.T, path string, run, reports int, told map[string]progress) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), victimEnv+"="+path, fmt.Sprintf("%s=%d", victimRunEnv, run))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for i := 0; ; i++ {
		if i == reports {
			if _, err := sqlite.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), fmt.Sprint("in use by process ", cmd.Process.Pid)) {
				t.Errorf("opened beside the victim: got error %v", err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
		line, err := lines.ReadString('\n')
		if err != nil { // what is left of a line that the victim died over says nothing
			if err != io.EOF {
				t.Error(err)
			}
			break
		}
		word, key, _ := strings.Cut(strings.TrimSpace(line), " ")
		told[key] = max(told[key], progressNames[word])
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the victim ended by itself")
	}
}

// examine opens the database as the next run of the program would. Events of which an earlier examination has found
// that they are posted are over, and it passes over them.
func examine(t *testing.T, path string, told map[string]progress, over map[int64]string) {
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	now := time.Now().Add(time.Hour)
	if _, err := store.Recover(t.Context(), now, time.Minute); err != nil {
		t.Fatal(err)
	}
	items, err := store.Claim(t.Context(), share.Of(1_000_000), now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]progress{}
	last := int64(0)
	for _, item := range items {
		found[item.Key] += accepted
		last = max(last, item.Seq)
	}
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for seq := int64(1); seq <= last || counts.Verdicts[ledger.VerdictReply] > 0; seq++ {
		if key, ok := over[seq]; ok {
			counts.Verdicts[ledger.VerdictReply]--
			found[key] += posted
			continue
		}
		record, err := store.Record(t.Context(), seq)
		if errors.Is(err, ledger.ErrNoEntry) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		counts.Verdicts[ledger.VerdictReply]--
		far := progressOf(t, store, seq)
		if found[record.Event.ID] += far; far == posted {
			over[seq] = record.Event.ID
		}
	}
	for key, far := range told {
		if found[key] < far || found[key] > posted {
			t.Errorf("event %q: told %d, found %d", key, far, found[key])
		}
	}
}

// progressOf is how far an entered event is.
func progressOf(t *testing.T, store *sqlite.Store, seq int64) progress {
	deliveries, err := store.Deliveries(t.Context(), seq)
	if err != nil {
		t.Fatal(err)
	}
	if len(deliveries) != 1 {
		t.Errorf("event %d has %d deliveries", seq, len(deliveries))
		return 0
	}
	switch deliveries[0].State {
	case ledger.Posted:
		return posted
	case ledger.Unknown:
		return entered
	default:
		t.Errorf("delivery of event %d is %s", seq, deliveries[0].State)
		return 0
	}
}

// victim takes in events and answers them until it is killed, and prints what the store has told it was done.
func victim(ctx context.Context, path, run string) int {
	store, err := sqlite.Open(ctx, path)
	if err == nil {
		_, err = store.Recover(ctx, time.Now(), time.Minute)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	failed := make(chan error)
	var printing sync.Mutex
	report := func(word, key string) {
		printing.Lock()
		defer printing.Unlock()
		fmt.Println(word, key)
	}
	for worker := range 8 {
		go func() {
			for i := 0; ; i++ {
				if err := live(ctx, store, fmt.Sprintf("%s-%d-%d", run, worker, i), report); err != nil {
					failed <- err
				}
			}
		}()
	}
	fmt.Fprintln(os.Stderr, <-failed)
	return 1
}

// live takes one event in and answers some others.
func live(ctx context.Context, store *sqlite.Store, key string, report func(word, key string)) error {
	now := time.Now()
	if _, err := store.Accept(ctx, []inbox.Arrival{{Key: key, Account: "1", Thread: key, Received: now}}); err != nil {
		return err
	}
	report("accepted", key)
	items, err := store.Claim(ctx, share.Of(1), now, time.Minute)
	if err != nil {
		return err
	}
	for _, item := range items {
		deliveries, err := store.Enter(ctx, item.Seq, func(ledger.Book) (ledger.Entry, error) {
			return ledger.Entry{
				Record: ledger.Record{Verdict: ledger.VerdictReply}, Facts: fmt.Appendf(nil, `{"id": %q}`, item.Key), Now: now,
				Plans: []ledger.Plan{{Action: rules.ActionReply, Request: platform.Request{}, Now: true}},
			}, nil
		})
		if err != nil {
			return err
		}
		report("entered", item.Key)
		if err := store.Finish(ctx, deliveries[0].ID, ledger.Fate{State: ledger.Posted, At: now}); err != nil {
			return err
		}
		report("posted", item.Key)
	}
	return nil
}
