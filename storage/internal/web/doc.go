// Package web is what the drivers that speak HTTP share: a transport with time
// limits, what statuses mean, and errors that do not quote addresses.
package web
