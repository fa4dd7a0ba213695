"""Everything that touches the outside: doors, the API, the command line, settings, and the wiring."""
