package demo

var storiesOfTheWay = []story{}
