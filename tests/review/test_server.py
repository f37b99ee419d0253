"""The server: for this machine, our own page and who has the token; and no one else."""

import http.client
import json
import sys
import threading

import pytest

from cleaner.errors import SetupError
from cleaner.review.labels import read

pytest.importorskip("starlette", reason="needs the extra `review`")
pytest.importorskip("uvicorn", reason="needs the extra `review`")

from cleaner.review import server
from tests.conftest import PLUG

TOKEN = "a-token"


@pytest.fixture
def port(session):
    """The port of a running server."""
    with server.listen(0) as listener:
        bound = listener.getsockname()[1]
        running = server.make_server(server.make_app(session, TOKEN, bound))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        yield bound
        running.should_exit = True
        thread.join()


@pytest.fixture
def call(port):
    """Send a request as our own page would, unless told otherwise."""

    def send(method, path, body=None, **headers):
        given = {
            "Host": f"127.0.0.1:{port}",
            "Authorization": f"Bearer {TOKEN}",
            **({"Origin": f"http://127.0.0.1:{port}"} if method == "POST" else {}),
            **{name.capitalize(): value for name, value in headers.items()},
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        data = b"" if body is None else json.dumps(body).encode()
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content

    return send


def question(call):
    return json.loads(call("GET", "/api/state")[1])["question"]


def test_it_listens_on_loopback_only(port):
    with server.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
    with pytest.raises(SetupError, match="leave --port away"):
        server.listen(port)


def test_the_page_answers_saves_and_undoes(call, labels):
    asked = question(call)["hash"]
    response, content = call("POST", "/api/answer", {"hash": asked, "label": "donate", "note": "n"})

    assert response.status == 200
    assert json.loads(content)["answered"] == 1
    assert [(a.hash, a.label, a.note) for a in read(labels)] == [(asked, "donate", "n")]
    assert json.loads(call("POST", "/api/undo", {})[1])["question"]["hash"] == asked
    assert call("POST", "/api/answer", {"hash": "0", "label": None})[0].status == 409


@pytest.fixture
def half(folder):
    """A paragraph to ask about that ends in half a character."""
    text = f"{PLUG} \ud83d"
    (folder / "half.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
    return text


def test_half_a_character_is_asked_about_like_any_other_text(half, call):
    asked = []
    while shown := question(call):
        asked.append(shown["text"])
        call("POST", "/api/answer", {"hash": shown["hash"], "label": None})

    assert half in asked


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer b-token", TOKEN, "Basic a-token"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/api/state"), ("POST", "/api/undo")])
def test_no_data_without_the_token(call, method, path, token):
    response, content = call(method, path, {}, authorization=token)

    assert response.status == 403
    assert b"question" not in content


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]", None])
@pytest.mark.parametrize("path", ["/", "/api/state"])
def test_no_other_host_name_leads_here(call, host, path):
    status = call("GET", path, host=host)[0].status

    assert status in {400, 403}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_no_other_origin_is_served(call, labels, origin):
    asked = question(call)["hash"]
    body = {"hash": asked, "label": "donate"}

    assert call("POST", "/api/answer", body, origin=origin)[0].status == 403
    assert call("GET", "/api/state", origin=origin)[0].status == 403
    assert call("OPTIONS", "/api/answer", origin=origin)[0].status == 403
    assert read(labels) == []


def test_every_answer_has_the_safe_headers_and_none_invites_others(call):
    for method, path in (("GET", "/"), ("GET", "/api/state"), ("GET", "/no"), ("POST", "/")):
        response, _ = call(method, path)
        headers = {name.lower(): value for name, value in response.getheaders()}

        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "body", [{}, [], {"hash": "0"}, {"hash": "0", "label": "advert"}, "x" * 100_000, None]
)
def test_what_is_no_answer_changes_nothing(call, labels, body):
    assert call("POST", "/api/answer", body)[0].status == 400
    assert read(labels) == []


def test_the_page_sets_scraped_text_as_text_only():
    script = (server.files("cleaner.review") / "page.js").read_text(encoding="utf-8")

    for parsing in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
        assert parsing not in script


def test_a_missing_extra_names_the_install_line(run, monkeypatch, folder, labels):
    monkeypatch.setitem(sys.modules, "starlette", None)

    ran = run("review", folder, "--labels", labels)

    assert ran.code == 2
    assert ran.err == (
        "cleaner: `cleaner review` needs an extra: pip install 'article-cleaner[review]'\n"
    )
    assert not labels.exists()
