"""Certificates of proofs and refutations, and the checker that accepts them without any search."""
