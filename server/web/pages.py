"""Turns a template and its values into a page, in the visitor's language and under a strict policy.

Nothing on a page may come from another host, and no script or style may stand inside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.connection import Request
from litestar.datastructures import State
from litestar.utils.scope.state import ScopeState

from server.kernel.settings import Environment as Installation
from server.kernel.settings import Settings
from server.web import formats, texts
from server.web.assets import asset_addresses
from server.web.language import (
    LANGUAGE_COOKIE,
    Language,
    Translations,
    choose_language,
    translations,
)

AnyRequest = Request[object, object, State]

TEMPLATES = Path(__file__).parent / "templates"
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language, Cookie",
}


def language_of(request: AnyRequest) -> Language:
    """The language a visitor reads."""
    return choose_language(
        request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")
    )


def template_environment(spoken: Translations) -> Environment:
    """Jinja for one language: escaping on, unknown names are errors, texts translated."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext, spoken.ngettext, newstyle=True
    )
    environment.filters |= {
        "money": formats.money,
        "code_groups": formats.code_groups,
        **formats.moment_filters(spoken.language),
        **{
            name: lambda key, table=table: spoken.gettext(table[key])
            for name, table in texts.TABLES.items()
        },
    }
    environment.globals |= {"language": spoken.language}
    return environment


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders every page of the console and the shop.

    Attributes:
        sandbox: whether payments are play money, which every page must say.
        public_url: how phones reach this server, without a slash at the end.
    """

    sandbox: bool
    public_url: str
    _translations: Mapping[Language, Translations] = field(repr=False)
    _environments: Mapping[Language, Environment] = field(repr=False)

    def text(self, request: AnyRequest, message: str) -> str:
        """Translate a text marked in Python code."""
        return self._translations[language_of(request)].gettext(message)

    def page(
        self,
        request: AnyRequest,
        template: str,
        context: Mapping[str, object],
        status_code: int = 200,
    ) -> Response[str]:
        """Render a page.

        Args:
            request: whose language, address and CSRF token the page uses.
            template: path under the templates' folder.
            context: the values the template names.
            status_code: of the response.
        """
        environment = self._environments[language_of(request)]
        text = environment.get_template(template).render(
            **context,
            sandbox=self.sandbox,
            path=request.url.path,
            address=_address(request),
            csrf_token=ScopeState.from_scope(request.scope).csrf_token or "",
        )
        return Response(
            text, media_type="text/html", status_code=status_code, headers=dict(SECURITY_HEADERS)
        )


def _address(request: AnyRequest) -> str:
    """Where a change of language leads back to: this page, or the one whose form was sent."""
    if request.method != "GET":
        return urlsplit(request.headers.get("referer", "")).path or "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def open_pages(settings: Settings) -> Pages:
    """Read templates, catalogues and assets; `assets.asset_addresses` says what may be missing."""
    addresses = asset_addresses()
    spoken = {language: translations(language) for language in Language}
    environments = {language: template_environment(spoken[language]) for language in Language}
    for environment in environments.values():
        environment.globals["asset"] = addresses.__getitem__
    sandbox = settings.environment is not Installation.production
    return Pages(sandbox, settings.public_url.rstrip("/"), spoken, environments)
