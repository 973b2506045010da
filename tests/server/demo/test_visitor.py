from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from server.demo.visitor import Visitor
from server.demo.waiting import StepFailedError

BUY = """
<html><head><style>p { color: red }</style></head><body>
<h1>Confirm your order</h1><a href="/orders"><span>My</span> vouchers</a>
<form method="post" action="/orders">
  <input type="hidden" name="_csrf_token" value="secret">
  <select name="quantity"><option value="1">1 · ¥30</option>
    <option value="2">2 · ¥60</option></select>
  <label><input type="radio" name="store" value="7" required><span>North <b>Road</b></span></label>
  <label><input type="radio" name="store" value="8"><span>South Road</span></label>
  <button>Place the order</button>
</form></body></html>
"""


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(200 if self.path == "/buy" else 404, BUY)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(200, f"<p>{self.path} {sent}</p>".replace("&", " "))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        visitor = Visitor(f"http://127.0.0.1:{server.server_port}")
        yield visitor
        visitor.close()
        server.shutdown()


def test_a_form_is_sent_with_what_it_held_and_what_was_filled_in(visitor: Visitor) -> None:
    form = visitor.open("/buy").form_to("/orders")
    assert form.values == {"_csrf_token": "secret", "quantity": "1"}

    sent = visitor.send(form, store=form.choice("store", "North Road"), quantity="2")

    assert sent.words == "/orders _csrf_token=secret quantity=2 store=7"


def test_words_and_links_are_what_a_person_reads(visitor: Visitor) -> None:
    page = visitor.open("/buy")
    assert page.words.startswith("Confirm your order My vouchers 1 · ¥30")
    assert page.link_to("My vouchers").endswith("/orders")


def test_what_is_not_on_the_page_fails_the_step(visitor: Visitor) -> None:
    page = visitor.open("/buy")
    with pytest.raises(StepFailedError, match="no form to '/refund'"):
        page.form_to("/refund")
    with pytest.raises(StepFailedError, match="no link to 'Log out'"):
        page.link_to("Log out")
    with pytest.raises(StepFailedError, match="offers no store 'East'"):
        page.form_to("/orders").choice("store", "East")
    with pytest.raises(StepFailedError, match="answered 404"):
        visitor.open("/nowhere")
