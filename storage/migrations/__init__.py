"""The history of the record's shape."""
