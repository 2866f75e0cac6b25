"""The one way in which boundaries are refused."""


class BadFile(ValueError):
    """The file cannot be imported: one line for an operator, which follows the file's name."""
