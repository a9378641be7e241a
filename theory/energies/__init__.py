"""Energies: one per file, with what the paper says of it."""
