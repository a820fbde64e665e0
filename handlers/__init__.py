"""The core decides what is said and what may happen, without touching the outside."""
