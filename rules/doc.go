// Package rules is a pure function from an event to a decision, written by users.
//
// A rule set is a folder of YAML files. [Read] takes their text, [Compile] makes a [Set] of it or tells everything that
// is wrong with it, and [Set.Decide] judges an [Event]. Nothing here reads a clock, a network or a store, so that the
// checker, the dry run, the tests of users, a replay from the ledger and the daemon all run the very same code.
//
// # A file
//
//	rules:
//	  - name: challenge                # required, unique in the set
//	    on: mention                    # kinds of events, one or a list; default [mention, comment]
//	    accounts: [bluebottle]         # only these: usernames or ids
//	    media: ["17918195224117851"]   # only these: ids; an ad's original media counts
//	    when: has(text, "challenge")   # default true
//	    unless: from.username == "rival"   # default false
//	    priority: 10                   # higher first; default 0, then file name, then order
//	    continue: false                # true: later rules are looked at too
//	    reply: Challenge accepted!     # a template, or a list of them
//	    pick: rotate                   # which of several: rotate, random, first
//	    mode: live                     # or shadow: decided and recorded, never posted
//	    max_age: 24h                   # older events are not answered; none: no bound
//	    enabled: true
//	    description: said to whoever challenges us
//	    tags: [summer]
//	    owner: marketing
//
// # Conditions
//
// The expression language is expr (expr-lang.org) over the fields of [Event], restricted to what is pure and bounded:
// a closed list of functions ([Functions]), no variables, no clock, at most 500 nodes, patterns known at load, and a
// budget of steps and of text for every evaluation. What an expression may not do is refused when it is loaded.
//
// What an expression sees; what Meta doesn't tell is empty, never nil ([Event] has the details):
//
//	kind, id, time, text
//	words, hashtags, mentions, urls, emojis     lists, of the text; hashtags and mentions without sign, lower case
//	mentions_me
//	from.id, from.username
//	comment.id, comment.parent_id, comment.is_reply, comment.like_count
//	media.id, media.type, media.product_type, media.caption, media.permalink, media.owner
//	media.is_own, media.is_ad, media.original_id, media.hashtags
//	account.id, account.username
//	history.user_replies, history.media_replies, history.thread_replies    what the account said before
//	story.known, story.reach, story.replies, story.exits, story.taps_forward, story.taps_back
//	story.impressions, story.views              of a story that has ended; -1 is Meta's "below 5"
//
// The functions, of which [Functions] tells the meaning:
//
//	has(text, word, …), hasAll(text, word, …)   whole words and phrases, in any case, with any accents
//	capture(text, "(?P<name>…)").name           a part of the text, by a pattern
//	fold, lower, upper, trim, trimPrefix, trimSuffix, truncate, replace, split, join, string
//	hasPrefix, hasSuffix, indexOf, lastIndexOf, len
//	all, any, none, one, filter, map, find, count, first, last    of lists, as in any(hashtags, # == "sale")
//	int, float, abs, ceil, floor, round, max, min
//	default(text, other), and in templates only optional(text), raw(text)
//
// # Templates
//
// A reply is text with {{ expression }} in the same language. What strangers typed is defused before it is shown, and
// a value that turns out empty holds the reply back; default(…), optional(…) and raw(…) say otherwise. See [Functions].
package rules
