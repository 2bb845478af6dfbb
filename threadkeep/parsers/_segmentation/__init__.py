"""Telling pasted posts apart: where in lines without separators one post ends and the next begins.

    layout.py     what stands between the lines
    lines.py      what a line looks like
    features.py   what speaks for and against a boundary
    weights.py    how much
    model.py      how likely a post starts at each line
    posts.py      from there to entries and records

How the weights were found and how well they do: ``docs/decisions`` and ``benchmarks/split.py``.
"""
