package demo

var storiesOfAccounts = []story{}
