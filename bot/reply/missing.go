package reply

import (
	"github.com/answerback/answerback/bot/instagram"
)

// mostMissing is how many answers in a row that something doesn't exist, or isn't for us, are taken for a missing
// permission. People delete comments; they rarely delete all that the bot asks for. It stops nobody: else whoever writes
// comments and deletes them could silence the bot.
const mostMissing = 10

// missing counts such answers in a row.
type missing struct {
	times  int
	reason string
}

// miss notes one more. It is told once of a row.
func (r *rate) miss(account string, of Call, e *instagram.Error) []Change {
	m := r.missing[of]
	m.times, m.reason = m.times+1, e.Error()
	r.missing[of] = m
	if m.times != mostMissing {
		return nil
	}
	return []Change{{account, Suspected, Stop{Trouble: instagram.TroublePermission, Reason: m.reason, Times: m.times}}}
}

// Missing is how many of an account's last answers in a row said that what was asked for doesn't exist or isn't for us,
// of reads or of writes, whichever are more. Suspect, the last such answer, is empty while they are too few to mean that
// a permission lacks.
func (p *Pace) Missing(account string) (inARow int, suspect string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return 0, ""
	}
	worst := r.missing[Reads]
	if writes := r.missing[Writes]; writes.times > worst.times {
		worst = writes
	}
	if worst.times < mostMissing {
		return worst.times, ""
	}
	return worst.times, worst.reason
}
