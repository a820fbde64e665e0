"""The law is tables and pure functions that need nothing but the standard library."""
