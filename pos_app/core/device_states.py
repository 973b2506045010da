"""How the counter's devices are, as their chips show it."""

from enum import StrEnum


class CameraState(StrEnum):
    """What the camera is doing."""

    off = "off"
    """Not wanted; the device is free for other programs."""
    starting = "starting"
    """Being opened, which takes some systems many seconds."""
    running = "running"
    """Pictures are coming."""
    missing = "missing"
    """The chosen camera is not connected; tried again by itself."""
    busy = "busy"
    """Connected, and another program has it; tried again by itself."""
    failed = "failed"
    """Opened, and then no picture came; tried again by itself."""


class ScannerState(StrEnum):
    """What is known of the barcode gun."""

    untested = "untested"
    """A gun that types like a keyboard cannot be seen before its first scan."""
    ready = "ready"
    """Has scanned in this session, or is connected in a way that can be seen."""
    missing = "missing"
    """The chosen serial or point-of-sale gun is not connected."""


class SoundState(StrEnum):
    """Whether sounds can be heard."""

    starting = "starting"
    """The device is being opened."""
    ready = "ready"
    """Sounds play."""
    muted = "muted"
    """Switched off by a person."""
    missing = "missing"
    """No sound device, or none that opens."""
