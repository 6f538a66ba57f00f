package rules

import "github.com/answerback/answerback/rules/expression"

// Function is one function of the rule language, as a reference prints it.
type Function = expression.Function

// Functions are all functions of the rule language, in alphabetical order.
func Functions() []Function { return expression.Functions() }
