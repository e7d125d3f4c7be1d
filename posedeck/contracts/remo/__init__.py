"""Remo's wire contract (JSON in, JSON out, POST).

``errors`` holds the error table, ``skeleton`` the posture analysis, ``coords`` the 22 coordinates.
"""
