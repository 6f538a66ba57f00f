package instagram

import "strings"

// call tells reads from writes: a read may always be tried again, a write only if it surely did nothing.
type call bool

const (
	read  call = false
	write call = true
)

// classification is what a code, or a code with a subcode, means. Where write is empty it is as read.
type classification struct{ read, write Class }

// byCode is Meta's table of errors, as far as it concerns us. Sources: guide "Handling errors", reference "Error codes"
// of the Instagram platform, and answers that were captured.
var byCode = map[int]classification{
	-2:      {ClassRetry, ClassUnknown}, // server trouble; a write may have worked
	-1:      {ClassRetry, ClassUnknown},
	1:       {ClassRetry, ClassUnknown},
	2:       {ClassRetry, ClassUnknown},
	3:       {read: ClassHuman}, // the app lacks a capability, or the node is of the wrong kind
	4:       {read: ClassWait},  // the app's limit
	10:      {read: ClassHuman}, // permission missing
	17:      {read: ClassWait},  // the user's limit
	24:      {read: ClassGone},  // media not found
	25:      {read: ClassHuman}, // account restricted, inactive, checkpointed
	32:      {read: ClassWait},  // the page's limit
	100:     {read: ClassPermanent},
	102:     {read: ClassHuman}, // session dead
	110:     {read: ClassGone},  // user invalid, private, unavailable
	190:     {read: ClassHuman}, // token dead: 458 app removed, 460 password changed, 463 expired …
	341:     {read: ClassWait},
	368:     {read: ClassHuman}, // the act is blocked as abusive
	506:     {ClassPermanent, ClassDone},
	551:     {read: ClassGone}, // the person can't be messaged
	613:     {read: ClassWait},
	2500:    {read: ClassPermanent}, // the query's syntax
	9009:    {read: ClassGone},
	36004:   {read: ClassPermanent}, // text over a limit
	80001:   {read: ClassWait},
	80002:   {read: ClassWait}, // too many calls to this Instagram account
	80006:   {read: ClassWait},
	1609005: {read: ClassPermanent}, // a link was refused
}

type subcode struct{ code, subcode int }

// bySubcode comes before byCode.
var bySubcode = map[subcode]classification{
	{4, 2207051}:   {read: ClassHuman}, // taken for spam, not a limit
	{10, 1893063}:  {read: ClassHuman}, // restricted from messaging
	{10, 2018278}:  {read: ClassGone},  // outside of the window for messages
	{10, 2018300}:  {read: ClassGone},  // another app has the thread
	{10, 2534022}:  {read: ClassGone},
	{20, 1772107}:  {ClassPermanent, ClassDone}, // the comment was made though this says 400
	{100, 33}:      {read: ClassGone},           // doesn't exist, or not for us
	{100, 2207040}: {read: ClassPermanent},      // too many mentions in a text
	{100, 2534014}: {read: ClassGone},           // the person can't be messaged
	{100, 2534025}: {read: ClassGone},           // answered privately before, or too late
	{100, 2534029}: {read: ClassHuman},
	{200, 2534041}: {read: ClassGone},
}

// bySubcodeAlone are subcodes that mean the same under every code.
var bySubcodeAlone = map[int]classification{
	2018278: {read: ClassGone},
	2534013: {read: ClassGone},
}

// classify says what an answer that isn't a success means. The code counts first, then the HTTP status, which Meta
// chooses freely. What isn't known to have done nothing is unknown to a write.
func (e *Error) classify(of call) Class {
	class := e.byTable(of)
	switch {
	case of == write && e.Status >= 500 && class != ClassDone:
		// What stands in front of Meta's servers gave up waiting; they may still have done it.
		return ClassUnknown
	case class != "":
		return class
	case of == write && e.Code == 0 && e.Status == 429:
		return ClassWait
	case of == write:
		return ClassUnknown
	default:
		return e.byStatus()
	}
}

// byTable is the class that code, subcode and message tell; "" for none.
func (e *Error) byTable(of call) Class {
	if strings.Contains(e.Message, "appsecret_proof") {
		return ClassHuman
	}
	found, ok := bySubcode[subcode{e.Code, e.Subcode}]
	if !ok {
		found, ok = bySubcodeAlone[e.Subcode]
	}
	if !ok {
		found, ok = e.byCodeAlone(of)
	}
	switch {
	case !ok:
		return ""
	case of == write && found.write != "":
		return found.write
	default:
		return found.read
	}
}

func (e *Error) byCodeAlone(of call) (classification, bool) {
	switch {
	case e.Code >= 200 && e.Code <= 299:
		return classification{read: ClassHuman}, true
	case e.Code == 100 && e.Subcode != 0 && of == write:
		// An invalid parameter is a refusal, but one that nobody has described may be more.
		return classification{}, false
	case e.Code == 100 && strings.Contains(e.Message, "does not exist"):
		return classification{read: ClassGone}, true
	}
	found, ok := byCode[e.Code]
	return found, ok
}

// byStatus is for reads whose answer has no code that we know. A redirect is never followed: the Graph URL is wrong.
func (e *Error) byStatus() Class {
	switch status := e.Status; {
	case e.transient:
		return ClassRetry
	case status == 429:
		return ClassWait
	case status == 401 || status == 403 || status >= 300 && status < 400:
		return ClassHuman
	case status == 404 || status == 410:
		return ClassGone
	case status >= 400 && status < 500 && status != 408:
		return ClassPermanent
	default:
		return ClassRetry
	}
}
