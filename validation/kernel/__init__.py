"""The trusted base: terms in normal form, facts that only rules can make, and the reading of SymPy expressions."""
