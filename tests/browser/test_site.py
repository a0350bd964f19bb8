"""The site of the chapters on a phone: nothing loaded, nothing run, nothing wider than the screen, nothing that bars the way."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from cmlib.authoring.site import build_site

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_the_site_is_read_on_a_phone(browser: Browser, clone: Path, tmp_path: Path) -> None:
    pages = build_site(clone / "notebooks", tmp_path / "site")
    assert len(pages) == 4
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page, outside = context.new_page(), list[str]()
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else outside.append(request.url))
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path.name
        assert page.locator("script").count() == page.locator("img:not([alt])").count() == 0
        links = [link.get_attribute("href") or "" for link in page.locator("a").all()]
        assert all(link.startswith(("#", "http")) or (path.parent / link).is_file() for link in links), links
        anchors = [link[1:] for link in links if link.startswith("#")]
        assert all(page.locator(f"[id='{anchor}']").count() == 1 for anchor in anchors)
        found = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    answer = page.locator("details", has_text="Voir la réponse").first
    answer.locator("summary").click()
    assert answer.locator("p").first.is_visible()
    context.close()
    assert outside == []
