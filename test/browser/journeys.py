"""Ways into the pages that many tests begin with."""


def log_in(page, person, path="/login", comes_to="/profile"):
    """As people do."""
    page.open(path)
    page.type("Email address", person.email).type("Password", person.password)
    page.press("Log in")
    return page.comes_to(comes_to)


def enter(page, person, path="/profile"):
    """As somebody who has logged in before."""
    give_cookies(page, person)
    return page.open(path)


def give_cookies(page, person):
    """Those of a log-in that no page of ours has seen."""
    for name, value in person.browser(page.server).cookies.items():
        page.browser.tell("Network.setCookie", name=name, value=value, url=page.server.url, httpOnly=True)
