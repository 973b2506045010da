"""The protocol's server rules as one pure state machine over books in memory.

No SQL, no clock, no ids: a caller loads the rows that a request touches into `Books`, applies
rules, and saves what changed. Each rule may be applied again without further effect.
"""
