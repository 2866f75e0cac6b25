"""`python -m bot doctor`: looks at a set-up from all sides and says what is wrong and what to do about it.

A check is a function that gives findings. Nothing is changed: the database is read (and written to in a transaction that
is taken back), the media store holds one small object for a moment. No finding holds a token, a key or a password.
"""
