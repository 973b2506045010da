"""`hexiao server …`: run the server, and the few things that are done at its own machine."""

import argparse
import ipaddress
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import uvicorn

from server.app import create_schema
from server.commands import create_admin, import_chain, pairing
from server.kernel.settings import Environment, Settings, process_settings, root_key
from shared.errors import HexiaoError, InvalidInputError

EXIT_REFUSED = 2
KEEP_ALIVE_SECONDS = 75
STOP_SECONDS_MAX = 10


class PlainHttpError(InvalidInputError):
    """Without encryption only this machine itself may be served."""

    code = "plain_http_refused"


class TooManyWorkersError(InvalidInputError):
    """SQLite has one writer; several processes need PostgreSQL."""

    code = "sqlite_single_worker"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hexiao server …` and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, _settings(options)) or 0)
    except HexiaoError as error:
        sys.stderr.write(f"hexiao server: {error}\n{(type(error).__doc__ or '').strip()}\n")
        return EXIT_REFUSED


def run_server(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to end.

    Raises:
        PlainHttpError: reachable from other machines without encryption.
        TooManyWorkersError: several processes on SQLite.
    """
    encrypted = options.ssl_certfile is not None
    if not (encrypted or options.behind_proxy or is_this_machine(options.host)):
        raise PlainHttpError(host=options.host, use="--ssl-certfile or --behind-proxy")
    if options.workers > 1 and settings.database.startswith("sqlite"):
        raise TooManyWorkersError(workers=options.workers, use="--database postgresql://…")
    create_schema(settings)
    # Here, once: several processes that start together would each make another key.
    root_key(Path(settings.root_key_file), os.urandom)
    os.environ.update(_as_variables(settings))
    uvicorn.run(
        "server.app:build_from_environment",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        ssl_certfile=options.ssl_certfile,
        ssl_keyfile=options.ssl_keyfile,
        proxy_headers=options.behind_proxy,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )
    return 0


def is_this_machine(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _settings(options: argparse.Namespace) -> Settings:
    settings = process_settings()
    given = {
        name: getattr(options, name)
        for name in ("database", "root_key_file", "public_url", "log_level")
        if getattr(options, name) is not None
    }
    if options.environment is not None:
        given["environment"] = Environment(options.environment)
    return replace(settings, **given)


def _as_variables(settings: Settings) -> dict[str, str]:
    """What a worker process reads its settings from."""
    return {f"HEXIAO_{name.upper()}": str(value) for name, value in asdict(settings).items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hexiao server", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--database", metavar="URL", help="sqlite:///FILE or postgresql://…")
    common.add_argument("--root-key-file", metavar="FILE", help="made at the first start")
    common.add_argument("--environment", choices=[member.value for member in Environment])
    common.add_argument(
        "--public-url", metavar="URL", help="how phones and tills reach this server"
    )
    common.add_argument("--log-level", choices=["debug", "info", "warning", "error"])
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _add_run(verbs.add_parser("run", parents=[common], help="serve until told to end"))
    create_admin.add_to(verbs, common)
    import_chain.add_to(verbs, common, create_schema)
    pairing.add_to(verbs, common)
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.set_defaults(run=run_server)
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    run.add_argument("--ssl-certfile", metavar="FILE")
    run.add_argument("--ssl-keyfile", metavar="FILE")
    run.add_argument(
        "--behind-proxy",
        action="store_true",
        help="a proxy on this machine encrypts, and says who is asking",
    )


if __name__ == "__main__":
    sys.exit(main())
