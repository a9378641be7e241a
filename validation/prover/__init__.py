"""The search for proofs and counterexamples of typed statements; what it finds counts once the checker accepts it."""

from validation.prover.portfolio import prove as prove
