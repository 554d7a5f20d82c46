"""Debian's Chromium, one process with a profile of its own. What it says and asks for is watched: `finish` fails on an
error in the console, a broken content policy, and a request to another host than those of the test's servers."""

import json
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

DESKTOP = (1024, 720)
PHONE = (360, 740)

# Before any script of a page: what would otherwise go unnoticed.
WATCH = """
window.seen = {violations: [], rejections: [], shift: 0};
addEventListener('securitypolicyviolation', (event) => seen.violations.push(event.violatedDirective + ' ' + event.blockedURI));
addEventListener('unhandledrejection', (event) => seen.rejections.push(String(event.reason)));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""

# The browser's own line for a reply that is no success; the test says which replies it expects.
FAILED_REQUEST = re.compile(r"(\S+) - Failed to load resource: .*?(?:status of (\d+)|(net::\w+))")


class Browser:
    def __init__(self, folder, size=DESKTOP, language="en-US", dark=False, reduced_motion=False):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "headless=new",
            "no-sandbox",  # root, as in a container, has none
            "disable-dev-shm-usage",
            "disable-background-networking",
            "disable-component-update",
            "no-first-run",
            "hide-scrollbars",
            "force-color-profile=srgb",
            f"lang={language}",
            f"user-data-dir={folder}",
            # No name leads anywhere: what is not on this machine is not reached.
            "host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        ):
            options.add_argument(f"--{argument}")
        options.add_experimental_option(
            "prefs", {"intl.accept_languages": language, "credentials_enable_service": False}
        )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.expected = set()  # statuses of replies, and errors of the network, that the test is about
        self.hosts = set()  # those of the test's servers
        self.entries = []  # of the network
        self.complaints = []
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.resize(size)
        self.prefer(dark=dark, reduced_motion=reduced_motion)

    def tell(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def resize(self, size):
        width, height = size
        phone = width < 500
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )

    def prefer(self, dark=False, reduced_motion=False):
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else "no-preference"},
        ]
        self.tell("Emulation.setEmulatedMedia", features=features)

    @contextmanager
    def lacking(self, script):
        """What the script takes from a page is not there, from before any other script of it."""
        added = self.tell("Page.addScriptToEvaluateOnNewDocument", source=script)
        try:
            yield
        finally:
            self.tell("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def network(self):
        """All that has happened on the network since the browser began."""
        for entry in self.driver.get_log("performance"):
            self.entries.append(json.loads(entry["message"])["message"])
        return self.entries

    def note(self):
        """Takes down what the page that is shown has to complain of; to be called before it is left for another document."""
        seen = self.run("return window.seen || {violations: [], rejections: []}")
        self.complaints += [f"policy: {each}" for each in seen["violations"]]
        self.complaints += [f"rejection: {each}" for each in seen["rejections"]]
        for line in self.driver.get_log("browser"):
            failed = FAILED_REQUEST.search(line["message"])
            if failed and (failed[2] or failed[3]) in self.expected:
                continue
            if line["level"] in ("SEVERE", "WARNING") or "[Report Only]" in line["message"]:
                self.complaints.append(f"console: {line['message']}")

    def forget(self):
        """As if it had never been here."""
        self.note()
        self.driver.get("about:blank")
        self.tell("Network.clearBrowserCookies")
        self.tell("Storage.clearDataForOrigin", origin="*", storageTypes="all")

    def requests(self):
        """All that it has asked for: [(method, URL)]."""
        asked = (each["params"]["request"] for each in self.network() if each["method"] == "Network.requestWillBeSent")
        return [(request["method"], request["url"]) for request in asked]

    def finish(self):
        try:
            self.note()
            asked = {urlsplit(url).netloc for _, url in self.requests() if urlsplit(url).scheme in ("http", "https", "ws")}
        finally:
            self.driver.quit()
        assert self.complaints == [], self.complaints
        assert asked <= self.hosts, asked
