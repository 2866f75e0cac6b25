"""Backup and restore: everything in one file that fits both databases (docs/decisions/0013)."""
