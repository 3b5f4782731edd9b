package demo

var storiesOfTheSite = []story{}
