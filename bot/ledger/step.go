package ledger

import "slices"

// Step is a change of a delivery's state, and the call that makes it. What no step allows never happens.
type Step struct {
	From State // empty for one that is entered
	To   State
	By   Call
}

// Call is a method of [Store], [Doubts], [Desk] or [Mender] that may change a delivery's state.
type Call string

// The calls.
const (
	CallEnter          Call = "Enter"
	CallTakeDeliveries Call = "TakeDeliveries" // and TakeNotices
	CallFinish         Call = "Finish"
	CallRecover        Call = "Recover"
	CallSettle         Call = "Settle"
	CallExpire         Call = "Expire"
	CallApprove        Call = "Approve"
	CallReject         Call = "Reject"
	CallForget         Call = "Forget"
	CallSendAgain      Call = "SendAgain"
	CallResolve        Call = "Resolve"
)

// Steps are all that there are. One in posted, cancelled or rejected stays so; refused and unknown are left by a
// person's word, and unknown also by what is found out while it is looked for.
func Steps() []Step {
	return []Step{
		{"", Waiting, CallEnter},
		{"", Planned, CallEnter},
		{"", Sending, CallEnter}, // by who holds a place to send it

		{Waiting, Planned, CallApprove},
		{Waiting, Cancelled, CallApprove}, // too late
		{Waiting, Rejected, CallReject},
		{Waiting, Cancelled, CallExpire},
		{Waiting, Cancelled, CallForget},

		{Planned, Sending, CallTakeDeliveries},
		{Planned, Cancelled, CallExpire}, // a pause held it back
		{Planned, Cancelled, CallForget},

		{Sending, Posted, CallFinish},
		{Sending, Refused, CallFinish},
		{Sending, Cancelled, CallFinish},
		{Sending, Unknown, CallFinish},
		{Sending, Planned, CallFinish}, // surely not sent
		{Sending, Unknown, CallRecover},
		{Sending, Planned, CallRecover}, // may be done twice

		{Unknown, Posted, CallSettle},
		{Unknown, Planned, CallSettle}, // surely not said
		{Unknown, Posted, CallResolve},
		{Unknown, Refused, CallResolve},
		{Unknown, Planned, CallSendAgain},

		{Refused, Planned, CallSendAgain},
	}
}

// Person reports whether a person makes the call, and not the bot by itself.
func (c Call) Person() bool {
	switch c {
	case CallApprove, CallReject, CallForget, CallSendAgain, CallResolve:
		return true
	default:
		return false
	}
}

// May reports whether a delivery can go from the state to another one in one step, whoever makes it.
func (s State) May(next State) bool {
	return slices.ContainsFunc(Steps(), func(step Step) bool { return step.From == s && step.To == next })
}

// Ended reports whether the bot never leaves the state by itself.
func (s State) Ended() bool {
	return !slices.ContainsFunc(Steps(), func(step Step) bool { return step.From == s && !step.By.Person() })
}
