"""``python -m posedeck.server``: the pose server alone."""

import argparse
import logging
import socket
import sys
from dataclasses import replace
from typing import NoReturn

import uvicorn

from posedeck.server.app import PoseServer, create_server
from posedeck.server.listening import listen
from posedeck.server.settings import ServerSettings

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8600
_MAX_PORT = 65535
#: The exit code of a start that cannot work as asked, as argparse has it.
_USAGE_ERROR = 2


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m posedeck.server", description="The PoseDeck pose server alone.")
    parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help="port, 0 for a free one (default %(default)s)")
    parser.add_argument("--no-worker", action="store_true", help="leave jobs to workers that run elsewhere")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("posedeck").setLevel(logging.INFO)
    try:
        server = create_server(replace(ServerSettings.from_env(), worker=not arguments.no_worker))
    except (ValueError, OSError) as error:
        _give_up(str(error))
    with _listen(arguments.host, arguments.port) as listener:
        _serve(server, listener)


def _port(text: str) -> int:
    # Checked here, as some systems take a larger number modulo 65536 and would listen elsewhere.
    if not text.isdecimal() or int(text) > _MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is 0 to {_MAX_PORT}, not {text}")
    return int(text)


def _serve(server: PoseServer, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    print(f"PoseDeck pose server: {url}", flush=True)
    print(f"Endpoints and demo credentials are on that page; {url}health tells when the models are loaded.", flush=True)
    print("Ctrl+C ends it.", flush=True)
    # Our own log line replaces uvicorn's access log, which would print paths: those hold keys and e-mails.
    config = uvicorn.Config(server.app, lifespan="on", access_log=False, log_config=None, log_level="warning")
    runner = uvicorn.Server(config)
    runner.run(sockets=[listener])
    if not runner.started:
        sys.exit(1)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        _give_up(f"cannot listen on {host} port {port}: {error.strerror}. Choose another with --port.")


def _give_up(message: str) -> NoReturn:
    print(f"posedeck.server: {message}", file=sys.stderr)
    sys.exit(_USAGE_ERROR)


if __name__ == "__main__":
    main()
