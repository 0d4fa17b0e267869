"""A page in headless Chromium, for the tests that look at pages."""
import json

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


def start(chromium, width, height, *flags):
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", f"--window-size={width},{height}", *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(60)
    return driver


class Browser:
    """At pages of `server` alone; `shots` is what the files of its screenshots begin with."""

    def __init__(self, chromium, server, shots, width, height, *flags):
        self.driver = start(chromium, width, height, *flags)
        self.server = server
        self.shots = shots

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, condition, what, seconds=30):
        try:
            return WebDriverWait(self.driver, seconds, 0.05, ignored_exceptions=[Exception]).until(lambda _: condition())
        except Exception:
            self.shot("failed")
            raise AssertionError(f"it never came about that {what}; the page says: {self.find('body').text[:900]}") from None

    def shot(self, name):
        self.driver.save_screenshot(f"{self.shots}{name}.png")

    def wide(self):
        return self.driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def close(self, *expected):
        """Nothing was said on the console but what is `expected`, and nobody else was asked for anything."""
        said = [line["message"] for line in self.driver.get_log("browser")]
        said = [message for message in said if not any(word in message for word in expected)]
        assert not said, said
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                assert url.startswith((self.server, "blob:", "data:", "chrome:", "about:")), url
        self.driver.quit()
