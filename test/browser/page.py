"""A page as people perceive it: by labels, names of buttons and links, headings, and what is announced. Everything waits
until it is there, with a deadline."""

from urllib.parse import urlsplit

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from waiting import wait_until

MOST_TABS = 60

# Names as https://www.w3.org/TR/accname/ has them, as far as these pages need it; axe-core looks at all of it.
FIND = """
const [css, wanted, isWhole] = arguments;
const tidy = (text) => text.replace(/\\s+/g, " ").trim();
const nameOf = (element) =>
  element.getAttribute("aria-label") ?? ([...(element.labels ?? [])].map((each) => each.textContent).join(" ") || element.textContent);
const fits = (element) => {
  const name = tidy(nameOf(element));
  return isWhole ? name === tidy(wanted) : name.includes(wanted);
};
return [...document.querySelectorAll(css)].find((each) => each.checkVisibility() && each.getClientRects().length && fits(each));
"""


class Page:
    def __init__(self, browser, server):
        self.browser = browser
        self.driver = browser.driver
        self.server = server
        browser.hosts.add(urlsplit(server.url).netloc)

    def open(self, path):
        self.driver.get(self.server.url + path)
        return self

    @property
    def path(self):
        return self.driver.execute_script("return location.pathname + location.search")

    def comes_to(self, path):
        wait_until(lambda: self.path == path, f"the page is {path}, not {self.path}")
        return self

    # What is there.

    def find(self, css, name, is_whole=True):
        """The first element of that kind that is shown and is called so, or whose text has that as a part."""
        return wait_until(
            lambda: self.driver.execute_script(FIND, css, name, is_whole), f"'{name}' is there, as {css}", every=0.03
        )

    def field(self, label):
        return self.find("input, select", label)

    def button(self, name):
        return self.find("button", name)

    def link(self, name):
        return self.find("a", name)

    def heading(self, text, level=1):
        self.find(f"h{level}", text)
        return self

    def says(self, text, css="[role=status], [role=alert]"):
        """What is announced."""
        self.find(css, text, is_whole=False)
        return self

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def shows(self, text):
        wait_until(lambda: text in self.text(), f"'{text}' is shown in {self.text()!r}")
        return self

    def error_of(self, label):
        """What is said to be wrong with a field; tied to it for those who do not see it."""
        return self.driver.execute_script(
            "const [field] = arguments, note = document.getElementById(field.getAttribute('aria-describedby'));"
            "return field.ariaInvalid === 'true' ? note.innerText.trim() : null",
            self.field(label),
        )

    def complains_of(self, label, text):
        wait_until(lambda: self.error_of(label) == text, f"'{text}' stands at {label}, not '{self.error_of(label)}'")
        return self

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    # What people do.

    def type(self, label, text):
        """In place of what is there."""
        field = self.field(label)
        self.driver.execute_script("arguments[0].focus(); arguments[0].select()", field)
        field.send_keys(text or Keys.DELETE)
        return self

    def set_date(self, label, year, month, day):
        """Month, day and year are parts of one field; it begins with the month."""
        self.field(label).click()
        return self.key(Keys.HOME, f"{month:02}{day:02}{year}")

    def choose(self, label, option):
        Select(self.field(label)).select_by_visible_text(option)
        return self

    def click(self, element):
        ActionChains(self.driver, duration=0).scroll_to_element(element).move_to_element(element).click().perform()
        return self

    def press(self, name):
        return self.click(self.button(name))

    def follow(self, name):
        return self.click(self.link(name))

    def key(self, *keys):
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()
        return self

    def key_with(self, modifier, key):
        ActionChains(self.driver, duration=0).key_down(modifier).send_keys(key).key_up(modifier).perform()
        return self

    def tab_to(self, element):
        """By keyboard alone; each stop on the way must be seen."""
        for _ in range(MOST_TABS):
            if self.focused == element:
                return self
            self.key(Keys.TAB)
            self.assert_focus_is_seen()
        raise AssertionError(f"{element.accessible_name} cannot be reached by keyboard")

    def assert_focus_is_seen(self):
        """Unless it has left the page for the browser's own parts."""
        outline = self.driver.execute_script(
            "const style = getComputedStyle(document.activeElement);"
            "return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)"
        )
        assert self.focused.tag_name == "body" or outline >= 2, f"the focus on {self.focused.accessible_name} cannot be seen"


class ByMouse(Page):
    def fill(self, label, text):
        self.click(self.field(label))
        return self.type(label, text)

    def activate(self, name):
        return self.press(name)

    def go_to(self, name):
        return self.follow(name)

    def tick(self, label):
        return self.click(self.field(label))


class ByKeyboard(Page):
    def fill(self, label, text):
        """In place of what is there."""
        self.tab_to(self.field(label))
        return self.key_with(Keys.CONTROL, "a").key(text)

    def set_date(self, label, year, month, day):
        self.tab_to(self.field(label))
        return self.key(f"{month:02}{day:02}{year}")

    def activate(self, name):
        self.tab_to(self.button(name))
        return self.key(Keys.ENTER)

    def go_to(self, name):
        self.tab_to(self.link(name))
        return self.key(Keys.ENTER)

    def tick(self, label):
        self.tab_to(self.field(label))
        return self.key(Keys.SPACE)
