"""LINE: the Messaging API, by webhook and plain HTTP calls."""
