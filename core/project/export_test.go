package project

// ContentQuery is for the test of its plan.
const ContentQuery = contentQuery
