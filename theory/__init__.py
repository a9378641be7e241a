"""What is claimed: every statement on trial, as SymPy objects with domains and derivations.

This package imports SymPy and the standard library only.
"""
