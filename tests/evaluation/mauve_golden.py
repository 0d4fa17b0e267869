#!/usr/bin/env python3
"""The golden numbers of mauve_test.cpp: the area by its definition (Pillutla et al. 2021), written apart from the C++ code."""
from math import exp, log


def mauve(p, q, c=5.0, points=25):
    kl = lambda a, b: sum(x * log(x / y) for x, y in zip(a, b) if x > 0)
    curve = [(0.0, 1.0), (1.0, 0.0)]
    for k in range(points):
        w = 1e-6 + (1 - 2e-6) * k / (points - 1)
        r = [w * x + (1 - w) * y for x, y in zip(p, q)]
        curve.append((exp(-c * kl(q, r)), exp(-c * kl(p, r))))
    curve.sort(key=lambda point: (point[0], -point[1]))
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(curve, curve[1:]))


for p, q in (([0.5, 0.5], [0.5, 0.5]), ([0.6, 0.4], [0.4, 0.6]), ([0.9, 0.1], [0.1, 0.9]), ([0.7, 0.2, 0.1], [0.2, 0.3, 0.5]), ([1, 0], [0, 1])):
    print(p, q, f"{mauve(p, q):.10f}")
