"""The edge without a visitor: work that is due, done by whichever process leases it first."""
