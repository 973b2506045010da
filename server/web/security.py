"""Protection of forms against requests that another site makes a browser send.

Litestar's own double-submit token, signed with a key derived from the root key. Clients without a
browser fetch any page first and send the cookie's value back in the header `x-csrftoken`.
"""

from litestar.config.csrf import CSRFConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware

from server.kernel.keys import RootKey
from server.kernel.settings import Settings

CSRF_COOKIE = "hexiao_csrf"
CSRF_HEADER = "x-csrftoken"


def is_https(settings: Settings) -> bool:
    """Whether visitors reach the server encrypted; cookies are then marked Secure."""
    return settings.public_url.startswith("https://")


def csrf_protection(root: RootKey, settings: Settings) -> DefineMiddleware:
    """The middleware of every router that takes forms."""
    return DefineMiddleware(
        CSRFMiddleware,
        config=CSRFConfig(
            secret=root.derive("csrf").hex(),
            cookie_name=CSRF_COOKIE,
            header_name=CSRF_HEADER,
            cookie_secure=is_https(settings),
            cookie_httponly=True,
        ),
    )
