#!/usr/bin/env python3
"""What people do on the page of `difflm serve`, in Chromium: page_browser.py DIFFLM CHROMIUM FOLDER, with the runs `words` (diffusion)
and `next` (autoregressive) in the folder. Screenshots are left there as *.png. Exit code 0 if all is as it should be."""
import os, pathlib, re, subprocess, sys, time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from browser import Browser, start

DIFFLM, CHROMIUM, FOLDER = sys.argv[1:4]


class Server:
    def __init__(self, port=0, key=None):
        self.log = open(f"{FOLDER}/server.log", "a+", encoding="utf8")
        start = self.log.tell()
        self.process = subprocess.Popen([DIFFLM, "serve", "words", "next", "--port", str(port)], cwd=FOLDER, stderr=self.log, env={**os.environ, **({"DIFFLM_API_KEY": key} if key else {})})
        for _ in range(300):
            self.log.seek(start)
            if found := re.search(r"serving on (http://\S+)", self.log.read()):
                self.address = found.group(1)
                self.port = int(re.search(r":(\d+)/", self.address).group(1))
                return
            time.sleep(0.1)
        raise SystemExit("the server does not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Page(Browser):
    def __init__(self, address, width=1200, height=900, *flags):
        super().__init__(CHROMIUM, address, f"{FOLDER}/", width, height, *flags)
        self.go(address)

    def go(self, address):
        self.driver.get(address)
        self.until(lambda: self.all("#model option"), "the page is ready")

    def click(self, selector):
        self.find(selector).click()

    def set(self, selector, value):
        field = self.find(selector)
        field.clear()
        field.send_keys(value)

    def finished(self):
        self.until(lambda: self.find("#write").is_displayed() and self.all(".pane .word") and "evaluations" in self.find(".pane").text, "the text is finished", 120)
        return self.text()

    def text(self, pane=0):
        return self.driver.execute_script("return document.querySelectorAll('.pane')[arguments[0]].querySelector('.text').textContent", pane)

    def words(self):
        return self.driver.execute_script("return [...document.querySelectorAll('.pane .text')][0].querySelectorAll('.word').length")


def first_visit(page):
    assert page.find("#intro").is_displayed() and "all words of a text at once" in page.find("#intro").text
    page.click("#example")
    page.until(lambda: not page.find("#intro").is_displayed(), "the introduction goes")
    page.until(lambda: "*" in page.find("#pattern").get_attribute("value"), "the example fills a gap")
    text = page.finished()
    first = page.find("#pattern").get_attribute("value").split(" * ")[0].replace("\\", "")
    assert text.startswith(first), (text, first)
    page.shot("example")


def watch(page):
    page.set("#pattern", "")
    page.set_settings(seed=3)
    page.click("#write")
    text = page.finished()
    command = subprocess.run([DIFFLM, "sample", "words", "-n", "1", "-s", "3", "-q"], cwd=FOLDER, capture_output=True, text=True, check=True).stdout.strip()
    assert text == command, (text, command)
    scrub = page.find("#scrub")
    last = int(scrub.get_attribute("max"))
    assert last >= 4, last
    page.driver.execute_script("document.activeElement.blur()")
    ActionChains(page.driver).send_keys(",").send_keys(",").perform()
    assert "step" in page.find("#where").text and int(scrub.get_attribute("value")) == last - 2, page.find("#where").text
    ActionChains(page.driver).send_keys(".").perform()
    assert int(scrub.get_attribute("value")) == last - 1
    page.click("#play")
    page.until(lambda: page.find("#where").text == "finished", "it plays to the end")
    # The saved page plays without a server.
    page.driver.execute_script("window.made = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return 'blob:none'; }; HTMLAnchorElement.prototype.click = function () {}")
    page.click("#export")
    saved = page.until(lambda: page.driver.execute_script("return window.saved"), "the page is saved")
    pathlib.Path(f"{FOLDER}/saved.html").write_text(saved, encoding="utf8")
    player = start(CHROMIUM, 1000, 700)
    player.get(f"file://{FOLDER}/saved.html")
    shown = lambda: player.find_element(By.CSS_SELECTOR, "p.text").text
    WebDriverWait(player, 10, 0.05, ignored_exceptions=[Exception]).until(lambda _: shown() == text)
    player.execute_script("const scrub = document.getElementById('scrub'); scrub.value = 0; scrub.dispatchEvent(new Event('input'))")
    assert player.find_element(By.ID, "where").text.startswith("step 1 of"), player.find_element(By.ID, "where").text
    assert not player.get_log("browser")
    player.quit()
    # The permalink gives the same text.
    link = page.driver.execute_script("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; document.getElementById('permalink').click(); return window.copied")
    command_line = page.driver.execute_script("document.querySelector('[data-copy=command]').click(); return window.copied")
    assert command_line == "difflm sample words -n 1 --seed 3", command_line
    page.driver.get("about:blank")
    page.go(link)
    assert page.finished() == text


def words(page):
    # Lock a word, think the others over: it stays.
    page.set("#pattern", "")
    page.click("#write")
    text = page.finished()
    shown = [word.text for word in page.all(".pane .word")]
    page.all(".pane .word")[1].click()
    page.until(lambda: page.find("#card").is_displayed() and len(page.all("#likeliest button")) == 10, "the ten likeliest words are there")
    assert "the model, given the other words" in page.find("#why").text, page.find("#why").text
    page.shot("word")
    page.click("#card-lock")
    assert "locked" in page.all(".pane .word")[1].get_attribute("class")
    keys = ActionChains(page.driver).key_down(Keys.SHIFT)
    for word in page.all(".pane .word"):
        keys = keys.click(word)
    keys.key_up(Keys.SHIFT).perform()
    page.until(lambda: page.find("#tools").is_displayed(), "the tools for chosen words are there")
    page.shot("chosen")
    assert page.find("#chosen").text == f"{len(shown)} words", (page.find("#chosen").text, len(shown), shown)
    page.driver.execute_script("document.getElementById('noise').value = 1; document.activeElement.blur()")
    ActionChains(page.driver).send_keys("r").perform()
    page.until(lambda: page.text() != text, "they are thought over")
    page.finished()
    now = [word.text for word in page.all(".pane .word")]
    assert len(now) == len(shown) and now[1] == shown[1], (shown, now)
    page.click("#back")
    page.until(lambda: page.text() == text, "Back brings the words from before")
    # Replace a word by one of the likeliest, and by typing.
    page.finished()
    page.all(".pane .word")[0].click()
    page.until(lambda: len(page.all("#likeliest button")) == 10, "the likeliest are there")
    choice = page.all("#likeliest button")[3]
    wanted = choice.text.rsplit(" ", 1)[0]
    choice.click()
    page.until(lambda: page.words() and page.all(".pane .word")[0].text == wanted and page.find("#write").is_displayed(), "the word is replaced")
    page.finished()
    page.all(".pane .word")[0].click()
    page.until(lambda: page.find("#card").is_displayed(), "the card is open")
    page.set("#replacement", shown[0])
    page.find("#replacement").send_keys(Keys.ENTER)
    page.until(lambda: page.words() and page.all(".pane .word")[0].text == shown[0] and page.find("#write").is_displayed(), "the typed word is there")


def wishes(page):
    page.set("#pattern", "")
    page.set_settings(seed=3, steps=4000)
    page.click("#write")
    page.until(lambda: page.find("#stop").is_displayed() and page.words(), "it is being written")
    page.set("#wish", "museum")
    page.find("#wish").send_keys(Keys.ENTER)
    page.until(lambda: page.all(".bars progress"), "the wish has a bar while the text is written")
    page.shot("steering")
    text = page.finished()
    assert "museum" in text and "holds" in page.find(".bars").text, text
    # Why the word is there: the wish, more than the model.
    museum = next(word for word in page.all(".pane .word") if word.text == "museum")
    ActionChains(page.driver).move_to_element(museum).perform()
    page.until(lambda: page.find("#reasons").is_displayed() and "times likelier" in page.find("#reasons").text, "a resting mouse says what pulled")
    page.shot("reasons")
    museum.click()
    page.until(lambda: "keywords: museum" in page.find("#why").text and "times likelier" in page.find("#why").text, "so does the card")
    assert not page.find("#reasons").is_displayed()
    page.shot("why")
    page.find("#card").send_keys(Keys.ESCAPE)
    page.until(lambda: not page.find("#card").is_displayed(), "the card is closed")
    other = next(word for word in page.all(".pane .word") if word.text != "museum")
    other.click()
    page.until(lambda: "no difference" in page.find("#why").text, "another word is not the wish's")
    page.find("#card").send_keys(Keys.ESCAPE)
    page.until(lambda: not page.find("#card").is_displayed(), "the card is closed")
    page.click(".chip button")
    # A wish that cannot be: said, and nothing lost.
    page.set("#wish", "xyzzy")
    page.click("#add")
    page.set_settings(steps=4)
    page.click("#write")
    page.until(lambda: "xyzzy" in page.find("#problem").text, "the wrong wish is named")
    page.click(".chip button")
    page.set_settings(steps=4000)
    page.click("#write")
    page.until(lambda: page.words(), "it is being written")
    page.click("#stop")
    page.until(lambda: "stopped" in page.find(".pane").text and page.find("#write").is_displayed(), "it is stopped")


def candidates_and_compare(page):
    page.set_settings(seed=3, steps="", candidates=4)
    Select(page.find("#beside")).select_by_value("next")
    page.click("#write")
    page.until(lambda: len(page.all(".pane")) == 2 and page.find("#write").is_displayed(), "both models have written")
    page.until(lambda: len(page.all(".pane:first-child .candidate")) == 4, "there are four candidates")
    assert all("evaluations" in pane.text for pane in page.all(".pane")), [pane.text for pane in page.all(".pane")]
    order = page.all(".candidate")
    pin = order[2]
    index = pin.get_attribute("data-index")
    pin.find_element(By.CSS_SELECTOR, "p.small button").click()
    page.until(lambda: page.find(".candidate").get_attribute("data-index") == index, "the pinned one is first")
    page.shot("compare")
    page.set_settings(candidates=1)
    Select(page.find("#beside")).select_by_value("")


def reload_and_restart(page, server):
    page.set_settings(seed=3, steps=4000)
    page.click("#write")
    page.until(lambda: page.words() and page.find("#stop").is_displayed(), "it is being written")
    page.driver.refresh()
    text = page.finished()
    assert int(page.find("#scrub").get_attribute("max")) >= 4000, "all its steps are there"
    page.set_settings(seed=3, steps=4000)
    page.click("#write")
    page.until(lambda: page.words() and page.find("#stop").is_displayed(), "it is being written")
    server.kill()
    page.until(lambda: "cannot be reached" in page.find("#connection").text, "the lost server is said")
    page.shot("lost")
    again = Server(server.port)
    page.until(lambda: page.find("#connection").text == "", "the page finds the server again")
    page.until(lambda: page.find("#write").is_displayed() and "evaluations" in page.find(".pane").text, "and the text is written after all", 60)
    assert text
    return again


def set_settings(self, **values):
    self.driver.execute_script("document.getElementById('settings').open = true")
    for name, value in values.items():
        self.driver.execute_script("const field = document.getElementById(arguments[0]); field.value = arguments[1];", name, str(value))


def with_key(address):
    """A server that wants a key: the page asks for it, again where it is wrong, and then works."""
    page = Page.__new__(Page)  # not ready before it has the key
    Browser.__init__(page, CHROMIUM, address, f"{FOLDER}/", 1000, 800)
    page.driver.get(address)
    for typed in ("wrong", "secret"):
        page.until(lambda: page.find("#key-card").is_displayed(), "the page asks for the key")
        page.set("#key", typed)
        page.find("#key").send_keys(Keys.ENTER)
    page.until(lambda: page.all("#model option"), "the page is ready")
    page.click("#dismiss")
    page.click("#write")
    page.finished()
    page.close("401 (Unauthorized)")


def sizes(address):
    """Phone, 200% zoom, dark: nothing is wider than the screen, and it looks as it should (a screenshot that is not blank)."""
    for name, width, height, flags in (("phone", 500, 800, ["--force-device-scale-factor=1"]), ("zoom", 1200, 900, ["--force-device-scale-factor=2"]), ("dark", 1200, 900, ["--blink-settings=preferredColorScheme=0"])):
        page = Page(address, width, height, *flags)
        if name == "phone":
            page.driver.set_window_size(390, 800)
        page.click("#dismiss")
        page.set_settings(seed=3)
        page.click("#write")
        page.finished()
        assert not page.wide(), f"{name}: wider than the screen"
        page.shot(name)
        assert pathlib.Path(f"{FOLDER}/{name}.png").stat().st_size > 8000
        page.close()


Page.set_settings = set_settings
server = Server()
try:
    page = Page(server.address)
    for part in (first_visit, watch, words, wishes, candidates_and_compare):
        part(page)
        print(part.__name__, "done", flush=True)
    page.close("400 (Bad Request)")  # of the wish that cannot be
    page = Page(server.address)
    page.click("#dismiss")
    server = reload_and_restart(page, server)
    page.close("ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY", "404 (Not Found)")
    print("reload_and_restart done", flush=True)
    sizes(server.address)
    server.kill()
    server = Server(key="secret")
    with_key(server.address)
finally:
    server.kill()
