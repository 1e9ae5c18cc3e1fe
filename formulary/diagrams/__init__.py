"""Diagrams from data: a circle of steps or lanes of boxes comes in, SVG goes out; PNG where asked.

Every format draws from here, so that a picture is the same in the handbook and in a document.
"""
