"""The record: what is kept, and the only place where SQL lives."""
