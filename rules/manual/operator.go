package manual

// operator is a sign of the expression language, which is expr's, with an example that holds for some event.
type operator struct{ Sign, Example, Doc string }

func allOperators() []operator {
	return []operator{
		{"and, or, not", `mentions_me and not comment.is_reply`, "Both, one of the two or both, the contrary. Put parentheses where and meets or."},
		{"==, !=", `from.username == "ada"`, "Equal, not equal. Capitals count: see fold and has."},
		{"<, <=, >, >=", `comment.like_count > 10`, "Less, at most, more, at least."},
		{"in, not in", `"sale" in hashtags`, "Whether a list has an entry; whether a number lies in a range, as in 1..5."},
		{"contains", `text contains "XXL"`, "Whether a text has a part, also within words. For words use has."},
		{"startsWith", `text startsWith "Hey"`, "Whether a text begins so."},
		{"endsWith", `text endsWith "?"`, "Whether a text ends so."},
		{"matches", `text matches "(?i)order [0-9]+"`, "Whether a pattern, a regular expression, is found in a text."},
		{"+", `"@" + from.username != "@ada"`, "Puts texts together, or adds numbers."},
		{"-, *, /, %, **", `comment.like_count % 2 == 0`, "Reckons with numbers; % is what a division leaves, ** is a power."},
		{"? :", `comment.is_reply ? has(text, "yes") : mentions_me`, "If, then, else."},
		{"|", `text | has("price")`, "Gives what stands before it to the function after it, as its first argument."},
		{"[ ]", `words[0] == "hello"`, "A list; an entry of a list by its number, from 0; a part of a list, as in words[:3]."},
	}
}
