"""Settings become a running server. uvicorn lives here; everything else is an application that any server can run."""

import socket
from collections.abc import Callable

import uvicorn

from siren.core.errors import SessionError
from siren.web.app import create_app
from siren.web.settings import WebSettings


def serve(settings: WebSettings, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. `announce` gets the address once the port is taken. Raises SessionError when it cannot be."""
    app = create_app(settings)
    app.state.archive.record()  # a damaged database is better said before the browser opens
    with _listen(settings) as listener:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{port}/" + (f"?token={settings.token}" if settings.token else ""))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3)
        uvicorn.Server(config).run(sockets=[listener])


def _listen(settings: WebSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)  # whoever reads the address may come at once
    except OSError as error:
        listener.close()
        raise SessionError(
            f"expected a free port {settings.port} at {settings.host}, but {error.strerror}; choose another --port, or 0 for any free one"
        ) from error
    return listener
