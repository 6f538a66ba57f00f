package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// Prescription is what is to be subscribed for an account.
type Prescription struct {
	// As is the account as the call takes it: with Facebook Login with the Page's token.
	As instagram.Account
	// Before are the fields that the app is subscribed to, Missing those to be added.
	Before, Missing []string
	// Why is said to the operator.
	Why string
}

// Fields are all that the app is to be subscribed to: a call replaces the whole list, so that what is there is kept.
func (p Prescription) Fields() []string {
	all := slices.Sorted(slices.Values(slices.Concat(p.Before, p.Missing)))
	return slices.Compact(all)
}

// Prescribe finds out what has to be subscribed for Meta to send the account's notifications to the app. The error says
// what keeps it from being done; it may be an [*instagram.Error].
func Prescribe(ctx context.Context, graph Graph, account instagram.Account, appID string, needs Rules) (Prescription, error) {
	p := Prescription{As: account}
	if account.Login != platform.InstagramLogin {
		if account.PageID == "" {
			return p, errors.New("with Facebook Login the Page is subscribed, and the configuration has no page_id for the account")
		}
		page, err := graph.Page(ctx, account)
		if err != nil {
			return p, err
		}
		if page.Account == "" {
			return p, fmt.Errorf("no professional account is linked to page %s, or the token may not see it: see answerback doctor", account.PageID)
		}
		if !slices.Contains(append(account.Aliases, account.ID), page.Account) {
			return p, fmt.Errorf("page %s is not linked to the account, but to %q: see answerback doctor", account.PageID, page.Account)
		}
		p.As = OnPage(account, page)
	}
	before, err := Subscribed(ctx, graph, p.As, appID)
	if err != nil {
		return p, err
	}
	p.Before = before
	p.complete(needs)
	return p, nil
}

// Subscribed are the fields that the app is subscribed to. It is an error if it can't be told which app is this one.
func Subscribed(ctx context.Context, graph Graph, as instagram.Account, appID string) ([]string, error) {
	all, err := graph.Subscriptions(ctx, as)
	if err != nil {
		return nil, err
	}
	fields, known := Own(all, appID, as.Login)
	if !known {
		return nil, errors.New(unsure(all) + ": write instagram.app_id")
	}
	return fields, nil
}

// complete adds what lacks.
func (p *Prescription) complete(needs Rules) {
	if p.As.Login != platform.InstagramLogin {
		p.Why = "any field of the Page brings the notifications of Instagram that are ticked in the app's dashboard"
		if len(p.Before) == 0 {
			p.Missing = []string{PageField}
		}
		return
	}
	p.Why = "the fields that rules can be for; mentions and story insights may not come with Instagram Login"
	wanted := append([]string{"comments", "live_comments", "mentions"}, needs.Fields(p.As)...)
	slices.Sort(wanted)
	for _, field := range slices.Compact(wanted) {
		if !slices.Contains(p.Before, field) {
			p.Missing = append(p.Missing, field)
		}
	}
}
