"""The program's HTTP side."""
