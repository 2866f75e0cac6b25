"""The running programme; `python -m bot --help` lists what it does."""

__version__ = "0.1.0"
