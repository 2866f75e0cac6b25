"""Imported by the server from which `process.py` forks, and only there: the index of all places' names, half a second's
work that each new process of the app would do again."""

from storage.places.gazetteer import Gazetteer

Gazetteer.load().prepare()
