// Package doctest holds the documentation to its word. Its tests compile every
// Go snippet in the Markdown pages and in doc comments, run those that are
// whole programs, parse every job in JSON, look up the commands, make targets,
// files and links that the pages name, and compare their tables with the code.
package doctest
