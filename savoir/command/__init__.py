"""The command line: `savoir --help`."""
