"""Ways through the pages that many tests begin with."""


def log_in(page, person, path="/login", comes_to="/profile"):
    page.open(path)
    page.type("Email address", person.email).type("Password", person.password)
    page.press("Log in")
    return page.comes_to(comes_to)
