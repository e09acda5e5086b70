"""Kinds of household things, one file a category, one small function a kind. Sizes in metres, masses in kilograms.

Chosen and measured so that each hidden law is crisp: heavy things weigh 0.9 kg or more at friction 0.6,
slippery ones 0.36 kg at 0.2, all others 60 g at most at 1.0. No width that the four turns can ask for lies between 76
and 84 mm, where an aperture of 80 mm sometimes does and sometimes does not do. Bodies turn about their origin, so it lies where
the fingers go: a long heavy thing that is taken elsewhere turns in the grip.
Seen from above at 96 px no held-out kind may look like another (`python -m benchmarks.catalogue`).
"""
