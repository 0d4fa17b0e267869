#!/usr/bin/env python3
"""The view of a training in Chromium, for training_view.sh: training_browser.py CHROMIUM FOLDER SUBJECT ADDRESS. Screenshots are left
in the folder as training-*.png. Exit code 0 if all is as it should be."""
import os, signal, sys

from selenium.webdriver.common.keys import Keys

from browser import Browser

CHROMIUM, FOLDER, SUBJECT, ADDRESS = sys.argv[1:5]


class View(Browser):
    def __init__(self, address, width=1200, height=1250, *flags):
        super().__init__(CHROMIUM, ADDRESS, f"{FOLDER}/training-", width, height, *flags)
        self.driver.get(address)

    def text(self, selector):
        return self.driver.execute_script("const found = document.querySelector(arguments[0]); return found ? found.textContent : ''", selector)

    def step(self):
        return int(self.text("#fact-step").split(" ")[0].replace(",", "") or 0)


def live():
    """From the first curve to the end of the training, whose last state stays."""
    view = View(ADDRESS)  # without a run: there is nothing else to see
    view.until(lambda: view.all("#loss-chart path.training"), "the training loss is drawn")
    assert "#training=live" in view.driver.current_url and view.text("#training-badge") == "in training", view.driver.current_url
    assert not view.find("#view-write").is_displayed() and "tokens a second" in view.text(".facts").lower()
    length = lambda: len(view.find("#loss-chart path.training").get_attribute("d"))
    before, steps = length(), view.step()
    view.until(lambda: view.step() > steps and length() > before, "the curve grows")
    view.until(lambda: len(view.all("#levels-charts svg path.validation")) == 8 and len(view.all("#levels-charts path.alone")) == 8, "there is a curve for each noise level")
    view.until(lambda: len(view.all("#training-samples li")) >= 2, "samples come")
    newest = [int(head.text.split(" ")[1].replace(",", "")) for head in view.all("#training-samples h4")]
    assert newest == sorted(newest, reverse=True) and len(view.all("#training-samples li:first-child p")) == 4, newest
    assert all(chart.get_attribute("aria-label") for chart in view.all("#training .chart"))
    view.find("#training-numbers summary").send_keys(Keys.ENTER)
    view.until(lambda: len(view.all("#numbers tbody tr")) > 1, "the numbers are there as a table")
    assert view.all("#numbers th[scope=col]") and "(" in view.text("#numbers td:last-child")
    view.find("#training-numbers summary").click()
    view.driver.execute_script("scrollTo(0, 0); document.activeElement.blur()")
    view.shot("light")
    view.until(lambda: view.text("#training-badge") == "finished", "the end is said", 40)
    assert "Training has ended after" in view.text("#training-state") and "ended" in view.text("#announce")
    step = view.step()
    view.driver.execute_async_script("setTimeout(arguments[0], 2500)")  # its server is gone by now
    assert view.step() == step and view.text("#training-badge") == "finished" and view.text("#connection") == "" and view.all("#loss-chart svg")
    view.close()


def served():
    """A finished run and one that stands still, from the page that writes; dark and narrow; reports; a server that goes away."""
    view = View(ADDRESS)
    view.until(lambda: view.find("#views").is_displayed(), "there is a way to the training")
    assert view.find("#pattern").is_displayed()
    view.find("#view-training").send_keys(Keys.ENTER)
    view.until(lambda: view.text("#training-badge") == "finished" and view.all("#loss-chart path.validation"), "the finished run has its curves")
    assert not view.find("#pattern").is_displayed() and view.step() == 120 and len(view.all("#training-samples li")) == 3
    links = {link.text: link for link in view.all("#reports a")}
    assert list(links) == ["How it went"], links
    page = view.driver.current_window_handle
    links["How it went"].click()
    view.driver.switch_to.window(next(one for one in view.driver.window_handles if one != page))
    view.until(lambda: "null none refused" in view.text("#out"), "the report runs as a site of its own that can ask nobody")
    view.driver.close()
    view.driver.switch_to.window(page)
    view.driver.get_log("browser")  # what its policy refused
    view.find("#training .runs li:nth-child(2) a").click()
    view.until(lambda: view.text("#training-title") == "other" and view.text("#training-badge") == "in training" and view.step() >= 5, "the run in training is shown")
    view.find("#view-write").click()
    view.until(lambda: view.find("#pattern").is_displayed(), "and the way back works")
    view.driver.get(f"{ADDRESS}#training=nobody")
    view.until(lambda: "no model 'nobody'" in view.text("#training-empty"), "a run that is not there is said")
    view.close("404 (Not Found)")
    for name, width, flags in (("dark", 1200, ["--blink-settings=preferredColorScheme=0"]), ("phone", 500, [])):
        view = View(f"{ADDRESS}#training=done", width, 1000, *flags)
        if name == "phone":
            view.driver.set_window_size(390, 1700)
        view.until(lambda: view.all("#levels-charts svg"), "the curves are drawn")
        assert not view.wide(), f"{name}: wider than the screen"
        view.shot(name)
        view.close()


def lost():
    """The server goes away: that is said, and the last state stays."""
    view = View(f"{ADDRESS}#training=done")
    view.until(lambda: view.all("#loss-chart svg"), "the curves are drawn")
    os.kill(int(os.environ["SERVER"]), signal.SIGTERM)
    view.until(lambda: view.text("#training-badge") == "disconnected" and "cannot be reached" in view.text("#announce"), "the lost server is said")
    assert view.all("#loss-chart svg") and view.step() == 140 and "seen last" in view.text("#training-state")
    view.shot("lost")
    view.close("ERR_CONNECTION", "ERR_EMPTY")


globals()[SUBJECT]()
