"""What a request must show before anything is done for it: local, ours, small and well formed."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from addin.agent.state import HOST, TOKEN

if TYPE_CHECKING:
    from email.message import Message

_MEGABYTE = 1 << 20



@dataclass(frozen=True, slots=True)
class Route:
    """A path's method, the largest body in bytes, and whether the body is an order; otherwise it is ignored."""

    method: str
    most: int
    ordered: bool = True


ROUTES = {
    "/status": Route("GET", 1 << 10, ordered=False),
    "/click": Route("POST", _MEGABYTE),
    "/menu": Route("POST", _MEGABYTE),
    "/run": Route("POST", 64 * _MEGABYTE),
    "/quit": Route("POST", 1 << 10, ordered=False),
}
#: Pages of WPS come from a file and say so, or say "null"; web pages say where they come from.
_ORIGIN = re.compile(r"null|file://[^\s]*")
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_JSON = "application/json"


class Denied(Exception):
    """A request that is not served: the HTTP status and the code of what to say."""

    def __init__(self, status: HTTPStatus, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def origin(headers: Message) -> str:
    """The page a request comes from, if it is one that may ask; empty when none is named.

    Raises:
        Denied: a web page asks, or the request was meant for another name than this machine's own.
    """
    named = headers.get_all("Origin", [])
    if len(named) > 1 or not all(_ORIGIN.fullmatch(one) for one in named):
        raise Denied(HTTPStatus.FORBIDDEN, "ADD106")
    return str(named[0]) if named else ""


def check(method: str, path: str, headers: Message, port: int, token: str) -> int:
    """Let a request pass and tell the length of its body in bytes.

    Raises:
        Denied: 403 host, origin or token; 404 no such path; 405 method; 411, 413, 415 about the body.
    """
    host(headers, port)
    origin(headers)
    shown = headers.get_all(TOKEN, [])
    if len(shown) != 1 or not secrets.compare_digest(str(shown[0]).encode("utf-8", "replace"), token.encode("ascii")):
        raise Denied(HTTPStatus.FORBIDDEN, "ADD106")
    if path not in ROUTES:
        raise Denied(HTTPStatus.NOT_FOUND, "ADD105")
    if method != ROUTES[path].method:
        raise Denied(HTTPStatus.METHOD_NOT_ALLOWED, "ADD105")
    return _length(headers, ROUTES[path])


def host(headers: Message, port: int) -> None:
    """Make sure the request was meant for this machine: a name that leads here may belong to a web page.

    Raises:
        Denied: 403.
    """
    if headers.get_all("Host", []) not in ([f"{HOST}:{port}"], [f"localhost:{port}"]):
        raise Denied(HTTPStatus.FORBIDDEN, "ADD106")


def _length(headers: Message, route: Route) -> int:
    said = headers.get_all("Content-Length", [])
    if "Transfer-Encoding" in headers or len(said) > 1 or not all(re.fullmatch("[0-9]{1,12}", one) for one in said):
        raise Denied(HTTPStatus.LENGTH_REQUIRED, "ADD105")
    length = int(said[0]) if said else 0
    if length > route.most:
        raise Denied(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "ADD111")
    # Only a page that asked first may send JSON; a body that is ignored can do no harm.
    if route.ordered and headers.get_content_type() != _JSON:
        raise Denied(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "ADD105")
    return length


def order(path: str, body: bytes) -> dict[str, Any]:
    """The JSON object of a body, empty where the path takes no order.

    Raises:
        Denied: 400.
    """
    if not ROUTES[path].ordered:
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Denied(HTTPStatus.BAD_REQUEST, "ADD105") from error
    if not isinstance(found, dict):
        raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
    return found


def well_formed(found: dict[str, Any], **types: type[str] | type[list[Any]]) -> None:
    """Make sure that the fields of an order are there and of their type; ``id`` is plain letters, ``rows`` numbers.

    Raises:
        Denied: 400.
    """
    for name, kind in types.items():
        value: Any = found.get(name)
        if type(value) is not kind:
            raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
        if name == "rows" and not all(type(row) is int and row > 0 for row in value):
            raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
    if "id" in types and not _ID.fullmatch(found["id"]):
        raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
