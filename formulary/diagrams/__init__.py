"""Draw diagrams from data, a circle of steps or lanes of boxes, as SVG or as PNG.

Every format draws from here, so that a picture is the same in the handbook and in a document.
"""
