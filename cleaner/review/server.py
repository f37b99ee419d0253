"""The labelling page's server: for this machine, and for who has the token.

Web pages of other origins can send requests to a port of this machine, and a name they own can be
made to point at it. So every request has to name us as its host, none may come from another origin,
and the data is behind a token in a header, which no other origin may set without being allowed to.
"""

import json
import secrets
import socket
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cleaner.document import Label
from cleaner.errors import MissingExtraError, SetupError
from cleaner.review.session import Session, StaleError, choices

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from uvicorn import Server

HOST = "127.0.0.1"
_MOST_BYTES, _MOST_NOTE = 64_000, 2_000
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def check_installed() -> None:
    """See that the libraries are there, before anything is read.

    Raises:
        MissingExtraError: they are not.
    """
    try:
        import starlette
        import uvicorn  # noqa: F401 - only to see whether it is there
    except ImportError as error:
        raise MissingExtraError("`cleaner review`", "review") from error
    del starlette


def serve(session: Session, port: int, ready: Callable[[str], None]) -> None:
    """Serve a session until the user interrupts.

    Args:
        session: what is asked.
        port: 0 for any free one.
        ready: told the page's address, with the token behind #, which browsers send to nobody.

    Raises:
        SetupError: the port is taken.
    """
    token = secrets.token_urlsafe(32)
    with listen(port) as listener:
        bound = listener.getsockname()[1]
        ready(f"http://{HOST}:{bound}/#{token}")
        try:
            make_server(make_app(session, token, bound)).run(sockets=[listener])
        except KeyboardInterrupt:
            return  # that is how it ends


def listen(port: int) -> socket.socket:
    """A socket that only this machine reaches.

    Raises:
        SetupError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SetupError(
            f"can't listen on port {port}: {error.strerror}; leave --port away for any free one"
        ) from error
    return listener


def make_server(app: "ASGIApp") -> "Server":
    """A server that says nothing and keeps no one waiting when it ends."""
    from uvicorn import Config, Server

    return Server(
        Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="error",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def make_app(session: Session, token: str, port: int) -> "ASGIApp":
    """The application behind its guard."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import Response
    from starlette.routing import Route

    def static(request: "Request") -> "Response":
        name, kind = _FILES[request.url.path]
        return Response(files("cleaner.review").joinpath(name).read_bytes(), media_type=kind)

    def state(_: "Request") -> "Response":
        return _as_json({**session.state(), "choices": choices()})

    async def answer(request: "Request") -> "Response":
        try:
            digest, label, note = _answer(json.loads(await _body(request)))
        except (KeyError, TypeError, ValueError) as error:
            return _as_json({"error": f"no answer to a paragraph ({error})"}, 400)
        return await run_in_threadpool(change, lambda: session.answer(digest, label, note))

    def undo(_: "Request") -> "Response":
        return change(session.undo)

    def change(act: Callable[[], None]) -> "Response":
        try:
            act()
        except StaleError as error:
            return _as_json({**session.state(), "error": str(error)}, 409)
        except OSError as error:
            problem = f"not saved: the labels file can't be written ({error.strerror or error})"
            return _as_json({**session.state(), "error": problem}, 500)
        return _as_json(session.state())

    routes = [Route(path, static) for path in _FILES]
    routes += [
        Route("/api/state", state),
        Route("/api/answer", answer, methods=["POST"]),
        Route("/api/undo", undo, methods=["POST"]),
    ]
    return _Guard(Starlette(routes=routes), token, port)


def _as_json(content: dict[str, Any], status: int = 200) -> "Response":
    """An answer in ASCII: scraped texts may hold half a character, which has no UTF-8."""
    from starlette.responses import Response

    return Response(json.dumps(content), status, media_type="application/json")


class _Guard:
    """Refuses what does not come from our own page, and puts the safe headers on every answer."""

    def __init__(self, app: "ASGIApp", token: str, port: int) -> None:
        self._app = app
        self._bearer = f"Bearer {token}".encode()
        self._hosts = {f"{HOST}:{port}".encode(), f"localhost:{port}".encode()}
        self._origins = {b"http://" + host for host in self._hosts}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        from starlette.responses import PlainTextResponse

        async def guarded(message: "Message") -> None:
            if message["type"] == "http.response.start":
                safe = [(k.lower().encode(), v.encode()) for k, v in _HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *safe]
            await send(message)

        problem = self._problem(scope)
        app = PlainTextResponse(problem + "\n", 403) if problem else self._app
        await app(scope, receive, guarded)

    def _problem(self, scope: "Scope") -> str:
        """Why a request is refused, "" if it is not."""
        given: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name.lower(), []).append(value)
        if len(given.get(b"host", [])) != 1 or given[b"host"][0] not in self._hosts:
            return "this server answers to 127.0.0.1 only"
        if not self._origins.issuperset(given.get(b"origin", [])):
            return "requests of other origins are refused"
        if scope["path"] in _FILES:
            return ""
        tokens = given.get(b"authorization", [])
        if len(tokens) != 1 or not secrets.compare_digest(tokens[0], self._bearer):
            return "open the address that `cleaner review` printed: it holds the token"
        return ""


async def _body(request: "Request") -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise ValueError("too long")
    return body


def _answer(record: dict[str, Any]) -> tuple[str, Label | None, str]:
    label = None if record["label"] is None else Label(record["label"])
    return str(record["hash"]), label, str(record.get("note") or "")[:_MOST_NOTE]
