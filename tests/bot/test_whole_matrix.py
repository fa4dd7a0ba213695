"""Every way of the application stands in a table of who may, or here among those that are about nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import FastAPI

from tests.bot import test_desk_matrix, test_member_matrix, test_visit_matrix
from tests.bot.matrix import AT_DESK, World, named

TABLE = (*test_desk_matrix.TABLE, *test_member_matrix.TABLE, *test_visit_matrix.TABLE)
_GAP = re.compile(r"\{[^}]*\}")
# Ways that are about nobody, or ask for no token: each with the reason.
NOBODYS = {
    "GET /openapi.json": "how the API is written",
    "HEAD /openapi.json": "how the API is written",
    "GET /livez": "whether the process is alive",
    "GET /healthz": "whether all parts answer",
    "POST /rasa/actions": "Rasa's own, by a secret of the process",
    "GET /": "a page without anybody's data",
    "GET /chat": "a page without anybody's data",
    "GET /chat/static/{}/{}": "a page without anybody's data",
    "GET /staff": "a page without anybody's data",
    "GET /staff/static/{}": "a page without anybody's data",
    "GET /desk": "a page without anybody's data",
    "GET /desk/static/{}/{}": "a page without anybody's data",
    "POST /chat/session/code": "signing in",
    "GET /chat/session": "signing in: who has, by the cookie that asks",
    "POST /chat/session": "signing in",
    "DELETE /chat/session": "signing out, of the cookie that asks",
    "GET /chat/session/demo": "signing in, in the demo",
    "POST /chat/session/demo": "signing in, in the demo",
    "POST /chat/session/invite": "signing in, by a link that was sent",
    "GET /desk/session": "signing in: who has, by the cookie that asks",
    "POST /desk/session": "signing in",
    "DELETE /desk/session": "signing out, of the cookie that asks",
    "POST /desk/session/demo": "signing in, in the demo",
    "GET /calendar/{}": "the address is the secret; what it shows is judged at each reading",
    "HEAD /calendar/{}": "the address is the secret; what it shows is judged at each reading",
}


def ways(app: FastAPI) -> set[str]:
    """Every method and way, with {} for what is filled in."""
    return {f"{method} {_GAP.sub('{}', path)}" for method, path in _routes(app, "")}


def _routes(holder: object, prefix: str) -> Iterator[tuple[str, str]]:
    for route in getattr(holder, "routes", ()):
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner, prefix + route.include_context.prefix)
            continue
        assert hasattr(route, "methods"), f"{route} is of a kind that this test does not know"
        yield from ((method, prefix + route.path) for method in route.methods)


def _fits(way: str, row_way: str) -> bool:
    """Whether a row asks for this way: what is filled in there may be written out in the row."""
    pattern = re.escape(way).replace(re.escape("{}"), "[^/]+")
    return re.fullmatch(pattern, row_way.partition("?")[0]) is not None


def _asked(every: set[str]) -> set[str]:
    """The ways that rows ask for; of those that fit, the one that is written out (`/tickets/events` is no ticket)."""
    found = set()
    for row in {f"{method} {way}" for method, way, *_ in TABLE}:
        fitting = [one for one in every if _fits(one, row)]
        found.update(sorted(fitting, key=lambda one: one.count("{}"))[:1])
    return found


def test_every_way_is_in_a_table_or_about_nobody(world: World) -> None:
    every = ways(world.app)
    # The same functions a second time for who has signed in at the desk: the test below asks for them there.
    own = {way for way in every if " /desk/api/" not in way}
    asked = _asked(own)
    second = {way.replace(" /desk/", " /") for way in every - own}

    assert {
        f"{m.upper()} {_GAP.sub('{}', p)}" for p, each in world.app.openapi()["paths"].items() for m in each
    } <= own
    assert sorted(way for way in own if way not in NOBODYS and way not in asked) == []
    assert sorted(way for way in NOBODYS if way not in own or way in asked) == []
    assert second <= own


def test_the_desk_refuses_as_the_api_does(world: World) -> None:
    """Whoever may not by a token may not by a login at the desk either; who is not of the desk stands before its door."""
    second = {way for way in ways(world.app) if " /desk/api/" in way}
    wrong, asked = {}, 0
    for row in TABLE:
        method, way, body, may = row
        if not any(_fits(one, f"{method} /desk{way}") for one in second):
            continue
        for name in ("elder", "child_book", "stranger", "carer", *AT_DESK):
            ought = may.get(name, 404) if name in AT_DESK else 401
            if ought == 200 and method != "GET":
                continue  # it would change the world that the others are asked in
            if way.endswith("/tickets/events"):
                ought = 404 if name in AT_DESK else 401  # the desk has a stream of its own
            got, asked = world.ask(method, f"/desk{way}", body, name), asked + 1
            if got != ought:
                wrong[f"{name}: {named(row)}"] = (got, ought)
    assert wrong == {}
    assert asked > 500
