"""The main job, played with the real programs: `hexiao demo` starts them and watches from outside.

Nothing here reaches into the server or the till. What a step proves it proves by keys, pictures,
HTTP and files, as a person in the shop would.
"""
