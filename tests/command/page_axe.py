#!/usr/bin/env python3
"""axe-core on the page of `difflm serve`, in its states: page_axe.py ADDRESS CHROMIUM AXE. Exit code 0 if it finds nothing serious."""
import sys, time

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import start

ADDRESS, CHROMIUM, AXE = sys.argv[1:4]
AXE = open(AXE, encoding="utf8").read()
found = []


def look(driver, name):
    driver.execute_script(AXE)
    report = driver.execute_async_script("const done = arguments[arguments.length - 1]; axe.run(document).then(done)")
    assert len(report["passes"]) > 10, "axe has looked at something"
    for problem in report["violations"]:
        if problem["impact"] in ("serious", "critical"):
            found.append((name, problem["id"], problem["help"], [node["html"][:160] for node in problem["nodes"][:3]]))


for scheme in ("light", "dark"):
    driver = start(CHROMIUM, 1200, 900, f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}")
    driver.get(ADDRESS)
    find = lambda selector: driver.find_element(By.CSS_SELECTOR, selector)
    until = lambda condition: WebDriverWait(driver, 20, 0.05, ignored_exceptions=[Exception]).until(lambda _: condition())
    until(lambda: find("#model option"))
    look(driver, f"{scheme}, first visit")
    find("#example").click()
    until(lambda: find("#share").is_displayed() and "holds" in find(".bars").text)
    driver.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
    look(driver, f"{scheme}, finished")
    driver.execute_script("const scrub = document.getElementById('scrub'); scrub.value = 1; scrub.dispatchEvent(new Event('input'))")
    time.sleep(0.5)
    look(driver, f"{scheme}, on the way")
    find(".pane .word").click()
    until(lambda: len(driver.find_elements(By.CSS_SELECTOR, "#likeliest button")) == 10)
    look(driver, f"{scheme}, a word")
    driver.get(f"{ADDRESS}#training=words")
    driver.refresh()
    until(lambda: driver.find_elements(By.CSS_SELECTOR, "#training-curves svg"))
    driver.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
    time.sleep(0.5)
    look(driver, f"{scheme}, a training")
    driver.quit()
for problem in found:
    print(problem)
sys.exit(1 if found else 0)
