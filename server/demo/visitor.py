"""A person with a browser and no patience for pictures: pages and forms over plain HTTP.

It sees what the page says and fills in the forms the page has, so it needs no knowledge of the
server beyond what is written on the screen.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from server.demo.waiting import StepFailedError

REQUEST_SECONDS = 20.0


@dataclass(slots=True)
class Form:
    """One form of a page.

    Attributes:
        action: where it is sent, a whole URL.
        values: what it holds before anybody fills it in.
        choices: the values offered by each field that offers some.
    """

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def choice(self, name: str, label: str) -> str:
        """The value behind what a person reads.

        Args:
            name: of the field.
            label: part of the text beside the choice.

        Raises:
            StepFailedError: no such choice.
        """
        for value, text in self.choices.get(name, ()):
            if label in text:
                return value
        raise StepFailedError(f"the form at {self.action} offers no {name} {label!r}")


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page as it came.

    Attributes:
        url: after redirects.
        status: of HTTP.
        words: the text on the page, pieces joined by spaces.
        forms: in order.
        links: address and text of each link, in order.
        states: what each named part of the page says of itself (`data-state`), by its id.
    """

    url: str
    status: int
    words: str
    forms: tuple[Form, ...]
    links: tuple[tuple[str, str], ...]
    states: dict[str, str]

    def form_to(self, part: str) -> Form:
        """The first form whose address contains `part`.

        Raises:
            StepFailedError: there is none.
        """
        for form in self.forms:
            if part in form.action:
                return form
        raise StepFailedError(
            f"{self.url} ({self.status}) has no form to {part!r}: {self.words[:200]}"
        )

    def link_to(self, part: str) -> str:
        """The whole address of the first link whose address or text contains `part`.

        Raises:
            StepFailedError: there is none.
        """
        for address, text in self.links:
            if part in address or part in text:
                return urljoin(self.url, address)
        raise StepFailedError(f"{self.url} ({self.status}) has no link to {part!r}")


class Visitor:
    """One person's visits, with the cookies of all of them.

    Args:
        address: of the server, such as `http://127.0.0.1:8000`.
    """

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(
            base_url=address,
            follow_redirects=True,
            timeout=REQUEST_SECONDS,
            # The demo's pages are on this machine, whatever the environment says of proxies.
            trust_env=False,
            headers={"accept": "text/html", "accept-language": "zh-CN"},
        )

    def open(self, address: str) -> PageSeen:
        """Go to a page.

        Raises:
            StepFailedError: the server answers with an error.
        """
        return self._seen(self._client.get(address))

    def send(self, form: Form, **values: str) -> PageSeen:
        """Fill in a form and send it.

        Args:
            form: of a page that was opened before.
            values: what a person fills in, by name.

        Raises:
            StepFailedError: the server answers with an error.
        """
        return self._seen(self._client.post(form.action, data=form.values | values))

    def cookies(self) -> dict[str, str]:
        """What the server gave this person's browser to keep."""
        return {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}

    def close(self) -> None:
        """End the visits."""
        self._client.close()

    def _seen(self, reply: httpx.Response) -> PageSeen:
        reader = _PageReader(str(reply.url))
        reader.feed(reply.text)
        page = PageSeen(
            str(reply.url),
            reply.status_code,
            " ".join(reader.words),
            tuple(reader.forms),
            tuple(reader.links),
            reader.states,
        )
        if reply.is_error:
            raise StepFailedError(f"{page.url} answered {page.status}: {page.words[:200]}")
        return page


class _PageReader(HTMLParser):
    """Reads forms, links and text of a page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.states: dict[str, str] = {}
        self._url = url
        self._form: Form | None = None
        self._select = ""
        self._link: str | None = None
        # A choice is named by the text that follows it.
        self._option: tuple[str, str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given and "data-state" in given:
            self.states[given["id"]] = given["data-state"]
        if tag in {"script", "style", "template"}:
            self._silent += 1
        elif tag == "form":
            action = urljoin(self._url, given.get("action", "") or self._url)
            self._form = Form(action)
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._link = given["href"]
            self.links.append((self._link, ""))
        elif self._form is not None:
            self._field(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "template"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag in {"option", "label"}:
            self._option = None

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or self._silent:
            return
        self.words.append(text)
        if self._link is not None:
            address, before = self.links[-1]
            self.links[-1] = (address, f"{before} {text}".strip())
        if self._form is not None and self._option is not None:
            self._name_choice(self._form, text)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option":
            self._offer(form, self._select, value, chosen="selected" in given)
        elif tag in {"input", "button", "textarea"} and name:
            if given.get("type") in {"radio", "checkbox"}:
                self._offer(form, name, value, chosen="checked" in given)
            else:
                form.values[name] = value

    def _offer(self, form: Form, name: str, value: str, *, chosen: bool) -> None:
        offered = form.choices.setdefault(name, [])
        is_first_of_list = self._select == name and not offered
        if chosen or is_first_of_list:
            form.values[name] = value
        offered.append((value, ""))
        self._option = (name, value)

    def _name_choice(self, form: Form, text: str) -> None:
        assert self._option is not None
        offered = form.choices[self._option[0]]
        value, before = offered[-1]
        offered[-1] = (value, f"{before} {text}".strip())
