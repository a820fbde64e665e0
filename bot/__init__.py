"""The shell: the process and all that touches the outside."""
