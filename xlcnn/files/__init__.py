"""Reading files that somebody else has made: whole, of bounded size, and only where they are files."""
