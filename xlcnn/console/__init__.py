"""What a command meets outside: the streams that it prints to, the signals that end it, the values that people type.

streams   what cannot be printed, or only in other letters
signals   Ctrl-C, SIGTERM, SIGHUP become an exception that unwinds everything
progress  what happens now, where it takes a while and somebody looks
options   numbers within bounds
table     rows for a wide terminal, a list for a narrow one
"""
