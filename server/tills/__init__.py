"""Tills: pairing with confirmation, their keys, who may speak for one, and revocation."""
