"""Draw the pictures that a shared link shows: one for each verdict and language, and one for other pages.

Each picture is 1200 by 630 pixels and carries its alternative text, by which a test finds one whose label changed.
Run it after a label of a verdict or the site's title changed. It needs Chromium, which Playwright drives.
"""

import re
import zlib
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from claimledger.publishing.share_image import IMAGE_NAMES, IMAGE_SIZE, alternative_text
from claimledger.labels import label_text
from claimledger.publishing.site import PageLanguage

STATIC = Path(__file__).resolve().parent.parent / "claimledger" / "datasette_plugin" / "static"
_SIGN = re.compile(r'^\.(\w+) > \.mark \{ --sign: (url\("data:[^"]+"\));', re.MULTILINE)
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><style>
* {{ margin: 0; box-sizing: border-box; }}
body {{ width: {width}px; height: {height}px; background: #fdfcf9; color: #1b1b19; padding: 72px 80px; display: flex;
  flex-direction: column; justify-content: space-between; word-break: keep-all; }}
.site {{ font: 700 44px/1 {serif}; padding-bottom: 28px; border-bottom: 3px solid #1b1b19; }}
.answer {{ display: flex; align-items: center; gap: 44px; font: 700 {size}px/1.15 {serif}; }}
.answer i {{ flex: none; width: 150px; height: 150px; background: #1b1b19; mask: {sign} center / contain no-repeat; }}
.hint {{ font: 400 34px/1.4 {sans}; color: #55534d; }}
</style><body><p class="site">{site}</p><p class="answer">{mark}{words}</p><p class="hint">{hint}</p>"""
_SANS = '"Noto Sans CJK KR", "Noto Sans KR", sans-serif'
_SERIFS: dict[PageLanguage, str] = {"en": '"Noto Serif CJK KR", "Noto Serif", serif', "ko": _SANS}


def page_text(name: str, language: PageLanguage, signs: dict[str, str]) -> str:
    """Return the HTML of a picture."""
    title = label_text("site.title", language)
    words, _, hint = alternative_text(name, language).partition(" · ")
    words, hint = (words, hint) if name in signs else (hint, "")
    return _PAGE.format(
        language=language, width=IMAGE_SIZE[0], height=IMAGE_SIZE[1], site=escape(title), hint=escape(hint),
        words=escape(words), size=92 if name in signs else 60, sign=signs.get(name, "none"),
        mark="<i></i>" if name in signs else "", serif=_SERIFS[language], sans=_SANS,
    )  # fmt: skip


def with_description(image: bytes, text: str) -> bytes:
    """Return a PNG file with a description (an iTXt chunk) after its header."""
    data = b"iTXtDescription\0\0\0\0\0" + text.encode()
    chunk = (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")
    return image[:33] + chunk + image[33:]


def main() -> None:
    """Draw every picture."""
    signs = dict(_SIGN.findall((STATIC / "pages.css").read_text(encoding="utf-8")))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": IMAGE_SIZE[0], "height": IMAGE_SIZE[1]})
        for language in _SERIFS:
            for name in IMAGE_NAMES:
                page.set_content(page_text(name, language, signs))
                image = with_description(page.screenshot(), alternative_text(name, language))
                (STATIC / "shared" / f"{name}-{language}.png").write_bytes(image)


if __name__ == "__main__":
    main()
