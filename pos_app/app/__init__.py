"""Binds the till together: windows, devices and threads above, services below.

`start` paints a window first. Everything heavy (database, cryptography, HTTP) is imported by
`backstage` on the worker thread, while the window is already there.
"""
