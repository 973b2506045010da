"""What the till decides with plain values: no Qt, no files, no clock."""
