"""Is the paper right?  The kernel, the methods, the ledger and the verdicts."""
