package bot

import (
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/sirupsen/logrus"
)

// outage is a time in which nothing can be claimed from the store.
type outage struct {
	since, told time.Time
	failures    int
}

// tellOutage is how often the log says that an outage lasts.
const tellOutage = time.Minute

// outageRetries is the schedule by which a store is asked again that failed.
func outageRetries() inbox.Backoff {
	return inbox.Backoff{First: time.Second, Factor: 2, Cap: 8 * time.Second}
}

func (o *outage) lasts() bool { return o.failures > 0 }

// after notes how a claim ended and says how long to leave the store alone.
func (o *outage) after(err error, now time.Time, log logrus.FieldLogger) time.Duration {
	if err == nil {
		if o.lasts() {
			log.WithField("since", o.since.Format(time.RFC3339)).Info("events can be claimed from the store again")
		}
		*o = outage{}
		return 0
	}
	if !o.lasts() {
		o.since = now
	}
	o.failures++
	if now.Sub(o.told) >= tellOutage {
		o.told = now
		log.WithError(err).WithField("since", o.since.Format(time.RFC3339)).Error("nothing can be claimed from the store; it is tried again")
	}
	return outageRetries().Next(o.failures, 0)
}
