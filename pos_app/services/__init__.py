"""What the till does, verb by verb; `pos_app.services.till.Till` binds the verbs to one database.

Nothing here knows Qt, sleeps or reads a clock by itself. A simulator drives the same functions with
a seeded clock, ids and entropy:

    till = Till(Database(None), keys, Sources(machine_time, new_id, entropy))
    till.redeem(Attempt(text, online=False))   -> Verdict, or AskDue with the request to send
    till.take_answer(eid, reply)               -> Verdict, or None where the doubt has ended
    till.sync_request(wait_seconds)            -> wire.SyncRequest
    till.apply_sync_reply(reply)               -> Applied
    till.hello_request(nonce, version) / till.apply_hello_reply(reply)

Each call is one transaction: it happens wholly or not at all.
"""
