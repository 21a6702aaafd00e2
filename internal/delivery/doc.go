// Package delivery has only tests: whole jobs whose sources and destinations are in
// real stores, opened by URL as a user gives them.
package delivery
