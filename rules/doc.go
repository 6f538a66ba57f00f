// Package rules is a pure function from an event to a decision, written by users.
//
// A rule set is a folder of YAML files. [Read] takes their text, [Compile] makes a [Set] of it or tells everything that
// is wrong with it, and [Set.Decide] judges an [Event]. Nothing here reads a clock, a network or a store, so that the
// checker, the dry run, the tests of users, a replay from the ledger and the daemon all run the very same code.
//
// # A file
//
//	defaults: {max_age: 24h}         # for every rule of this file
//	lists:
//	  price_words: [price, cost, "how much"]
//	  staff: {file: lists/staff.txt}   # one entry a line; "# " begins a comment
//	conditions:
//	  asks_price: has(text, lists.price_words) and not has(text, "prize")
//	templates:
//	  shop_link: ["it's behind the link in our bio", "@{{ from.username }} look at our bio!"]
//	rules:
//	  - name: challenge                # required, unique in the set
//	    on: mention                    # kinds of events, one or a list; default [mention, comment]
//	    accounts: [bluebottle]         # only these: usernames or ids
//	    media: ["17918195224117851"]   # only these: ids; an ad's original media counts
//	    when: has(text, "challenge")   # default true
//	    unless: from.username in lists.staff   # default false
//	    active: {days: mon-fri, hours: "09:00-18:00", timezone: Europe/Lisbon, from: 2026-03-01, until: 2026-12-24}
//	    priority: 10                   # higher first; default 0, then file name, then order
//	    continue: false                # true: later rules are looked at too
//	    reply: Challenge accepted!     # a template, a list of them, or {template: shop_link}
//	    pick: rotate                   # which of several: rotate (not the last one again), random, first
//	    delay: 15s..60s                # how long to wait with it; or 20s
//	    mode: live                     # or shadow: decided and recorded, never posted; approve: waits for a person
//	    cooldown: {per: user, for: 10m}   # user, media, thread, rule, account; or a list, of which any holds back
//	    once_per: [user, media]        # of user, media, thread, day, ever; ever alone: once an account
//	    limit: {max: 200, per: day}    # or hour
//	    max_age: 24h                   # older events are not answered; none: no bound
//	    enabled: true
//	    description: said to whoever challenges us
//	    tags: [summer]
//	    owner: marketing
//	    tests: []                      # cases; the package ruletest runs them
//
// What stands in a file's defaults (on, accounts, media, mode, active, priority, pick, delay, cooldown, once_per, limit,
// max_age, tags, owner) is for those of its rules that don't say otherwise. A rule's own value replaces all of it, and
// the word none takes it away. Lists, conditions and templates are the whole set's.
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
//	lists.NAME                                  a list of the set
//	NAME                                        a named condition, which comes to the same in all rules
//
// The functions, of which [Functions] tells the meaning:
//
//	has(text, word, …), hasAll(text, word, …)   whole words and phrases, in any case, with any accents
//	like(text, word)                            the same, perhaps misspelt
//	capture(text, "(?P<name>…)").name           a part of the text, by a pattern
//	fold, lower, upper, trim, trimPrefix, trimSuffix, truncate, replace, split, join, string
//	hasPrefix, hasSuffix, indexOf, lastIndexOf, len
//	all, any, none, one, filter, map, find, count, first, last    of lists, as in any(hashtags, # == "sale")
//	int, float, abs, ceil, floor, round, max, min
//	plural(n, one, other)                       as in plural(n, "day", "days")
//	default(text, other), and in templates only optional(text), raw(text)
//
// # Templates
//
// A reply is text with {{ expression }} in the same language. What strangers typed is defused before it is shown, and
// a value that turns out empty holds the reply back; default(…), optional(…) and raw(…) say otherwise. See [Functions].
package rules
