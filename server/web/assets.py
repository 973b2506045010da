"""The files browsers load, served by us, each under an address that changes with its content."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from litestar import Response, Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

STATIC_PATH = "/static"
_HERE = Path(__file__).parent
_PACKAGES = _HERE / "node_modules"
STATIC_FOLDERS = (
    _HERE / "static",
    _PACKAGES / "htmx.org" / "dist",
    _PACKAGES / "htmx-ext-sse" / "dist",
)
_DIGEST_CHARACTERS = 10
_YEAR_SECONDS = 31_536_000
_SERVED = (".css", ".js", ".svg", ".png")


class MissingBrowserPackagesError(Exception):
    """`make setup` has not installed the browser packages."""


def asset_addresses() -> Mapping[str, str]:
    """The address of every file by its name, such as `site.css`.

    Raises:
        MissingBrowserPackagesError: the browser packages are not installed.
    """
    missing = [folder.name for folder in STATIC_FOLDERS if not folder.is_dir()]
    if missing:
        raise MissingBrowserPackagesError("run `make setup`: browser packages are missing")
    return {
        path.name: f"{STATIC_PATH}/{path.name}?v={_digest(path)}"
        for folder in STATIC_FOLDERS
        for path in sorted(folder.iterdir())
        if path.suffix in _SERVED
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGEST_CHARACTERS]


def assets_router() -> Router:
    """Serves the static files; browsers may keep each for a year under its own address."""
    return create_static_files_router(
        path=STATIC_PATH,
        directories=list(STATIC_FOLDERS),
        cache_control=CacheControlHeader(public=True, max_age=_YEAR_SECONDS, immutable=True),
        exception_handlers={ValueError: _no_such_file},
    )


def _no_such_file(_request: object, _error: Exception) -> Response[str]:
    """Answer a name that the file system cannot even look for, such as one with a NUL."""
    return Response("", status_code=404, media_type="text/plain")
