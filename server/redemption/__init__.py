"""Decides, records and reverses redemptions, and splits their value in the ledger."""
