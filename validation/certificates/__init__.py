"""Certificates of proofs and refutations, and the checker that accepts them without any search."""

from validation.certificates.certificate import certify as certify
from validation.certificates.certificate import certify_witness as certify_witness
from validation.certificates.certificate import check_witness as check_witness
from validation.certificates.certificate import recheck as recheck
from validation.certificates.goals import Rejected as Rejected
