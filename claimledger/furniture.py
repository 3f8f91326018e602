"""Page furniture: what stands on a news page and is no part of the article.

In: a page's text as stored. Out: the ranges that are menus, share bars, issue and date lines, bylines, copyright and mail
lines, credits of pictures. The invariant: a line is furniture only when the whole of it fits a pattern; what could be prose
stays. Furniture is masked, never deleted, so offsets stay those of the text. It knows Korean and English pages alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimledger.models import Span

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_SPACE = " \t\u00a0\u3000\u200b\ufeff"
_LONGEST = 300

_DATE = r"(?:\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2},? \d{4}|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4})"
_SHARE = (
    "공유|공유하기|기사공유|페이스북|트위터|카카오톡|카카오스토리|네이버블로그|네이버밴드|밴드|라인|링크드인|텔레그램|핀터레스트|URL복사|URL 복사|주소복사|주소 복사|링크복사|링크 복사|기사저장|"
    "글자크기|글자 크기|글씨크기|크게|작게|크게보기|작게보기|가[+-]?|프린트|인쇄|인쇄하기|스크랩|북마크|메일보내기|이메일|메일|좋아요|싫어요|훈훈해요|슬퍼요|화나요|후속기사 원해요|댓글(?:쓰기| 쓰기)?|댓글 ?\\d+|닫기|검색|로그인|회원가입|구독|구독하기|기사제보|제보하기|본문듣기|음성으로 듣기|"
    "번역|TOP|맨위로|위로|이전|다음|이전 기사|다음 기사|이전기사|다음기사|목록|더보기|전체보기|본문|홈|뉴스|"
    "share(?: this(?: article| story)?)?|tweet|facebook|twitter|x|whatsapp|linkedin|reddit|pinterest|telegram|e-?mail|print|copy link|save|bookmark|comments?|\\d+ comments?|like|follow(?: us)?|"
    "subscribe|sign in|log in|sign up|register|menu|search|home|skip to (?:main )?content|advertisement|sponsored|read more|more|close|next|previous|back to top|top|listen to this article|listen"
)
_HEADINGS = (
    "인기기사|인기 기사|많이 본 (?:뉴스|기사)|가장 많이 본 (?:뉴스|기사)|주요 ?(?:뉴스|기사)|최신 ?(?:뉴스|기사)|최근 ?기사|관련 ?(?:뉴스|기사)|추천 ?(?:뉴스|기사)|섹션별 인기기사(?: 및 최근기사)?|오늘의 (?:뉴스|기사)|헤드라인|포토|포토뉴스|"
    "동영상|카드뉴스|이 ?기사를 공유합니다|저작권자|기자의 다른 기사|[가-힣]{2,4} ?기자의? 다른 ?기사(?: ?보기)?|이 시각 주요 ?뉴스|댓글 ?(?:\\d+|쓰기|삭제)?|"
    "most (?:read|popular|viewed)|related (?:articles|stories|news|content)|recommended(?: for you| stories)?|trending(?: now)?|latest (?:news|stories)|popular(?: now)?|top stories|editors?['’] picks|more from .{2,40}|more on this story|"
    "more stories|you may also like|sign up for our newsletter|newsletters?|photos?|videos?|tags?|topics?|advertisement"
)
_COPYRIGHT = "무단\\s?(?:전재|복제|배포|도용)|재배포\\s?금지|저작권자|all rights reserved|copyright\\s*(?:©|ⓒ|\\(c\\)|\\d{4})|^[<\\[(]?\\s*(?:©|ⓒ)|^\\(c\\)\\s*\\d{4}|저작권.{0,20}보호"
_RULES = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        r"[#.]?[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*(?:_[a-z0-9]+)+(?:[_-][a-z0-9]+)*",  # default_news_ad1
        r"#[a-z][a-z0-9-]*|div-[a-z0-9-]+|googletag\..*|\(?adsbygoogle.*",
        rf"(?:기사\s?)?(?:승인|입력|수정|등록|송고|발행|게재|작성|업데이트|최종\s?(?:수정|입력|업데이트)|기사\s?(?:입력|수정|등록))\s?(?:일시?|시간)?\s?[:：|]?\s?(?:\[[^\]]{{1,12}}\]\s?)?{_DATE}.{{0,80}}",
        rf"(?:published|updated|posted|last (?:modified|updated)|first published)(?: on| at)?\s?[:：|]?\s?(?:[a-z]+day,? )?(?:\d{{1,2}}[:.]\d{{2}}.{{0,20}})?{_DATE}.{{0,60}}",
        rf"\[?(?:제\s?)?\d{{1,5}}호\]?(?:\s?[|·]?\s?{_DATE})?(?:\s?\(?[월화수목금토일]\)?)?",
        r"(?:vol\.?\s?\d+,?\s?)?(?:issue|no\.?)\s?\d+(?:\s?[|·].{0,40})?",
        rf"(?:(?:{_SHARE})(?:\s*[|·ㆍ/,•>›]\s*|\s+|$))+",
        rf"[\[<【■◆▶▲☞●○#\s]*(?:{_HEADINGS})[\]>】\s:+>›]*",
        r"(?:[가-힣A-Za-z]{1,12}\s?[>›»]\s?)+[가-힣A-Za-z·\s]{2,20}",
        r"(?:[<‹«◀]|처음|이전)?\s*(?:\[?\d{1,2}\]?\s*[|·]?\s*){2,}(?:다음|끝|next|last|[>›»▶])*",
        r"(?:\[?[가-힣]{2,4}\s?\(?(?:사진)?\s?=?\s?)?(?:[가-힣]{2,5}[,·\s]*){1,6}(?:기자|특파원|인턴기자|객원기자|선임기자|논설위원|편집위원|에디터|통신원)\]?(?:\s*=?)",
        r"(?:글|사진|글·사진|그림|번역|정리|취재|편집|영상|감수|진행)\s*[|:=·]?\s*[가-힣]{2,5}(?:\s[가-힣]{2,5}){0,3}(?:\s(?:기자|위원|작가|특파원|편집위원|번역가|PD))?",
        r"[<〈《「][^<>〈〉《》「」]{2,20}[>〉》」]\s*(?:기자|특파원|편집위원|제공|발)",
        r"(?:[가-힣]{2,6}\s[一-龥]{2,4}[,·\s]*)+",
        r"by [A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]*|and|van|de|bin|al)){1,8}(?:,? [A-Z][\w .]{2,40})?(?:\s*[|·].{0,60})?",
        r"(?:photo|image|picture|photograph|illustration|video)s?(?: credit)?(?: by)?\s*[:=|].{2,80}|(?:사진|자료|그래픽|이미지|영상)\s?(?:제공|출처)?\s?[=:|]\s?.{2,40}",
        r"(?:reuters|afp|ap|epa|getty images?|연합뉴스|뉴시스|뉴스1|게티이미지(?:뱅크|코리아)?|로이터)(?:\s?[/=·]\s?.{1,30})?",
    )
)
_MARKED = re.compile(r"[<\[(]?\s*(?:copyright\s*)?(?:©|ⓒ|\(c\)\s*\d{4})|<\s*저작권자", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_COPYRIGHTED = re.compile(_COPYRIGHT, re.IGNORECASE)
_PROSE = re.compile(r"[가-힣](?:다|요|까|죠|라)[.?!]|[a-z]{2,}[.?!](?:\s|$)")
_CREDIT = re.compile(r"(?:(?<=[다요]\.)|(?<=[a-z]\.))\s+([^.\s][^.?!]{1,18})$")
_CAPTION = re.compile(r"\s*(?:[▲△▼▶◀]|\(?사진\)?\s?[=:]|photo:)", re.IGNORECASE)


def furniture_spans(text: str) -> list[Span]:
    """Return the ranges of a page that are no article, in order.

    >>> page = "기사승인 [12호] 2024.01.02\\n공유\\n수출이 2% 늘었다.\\n홍길동 기자 hong@example.kr"
    >>> [page[span.start : span.end] for span in furniture_spans(page)]
    ['기사승인 [12호] 2024.01.02', '공유', '홍길동 기자 hong@example.kr']
    """
    spans = []
    for line in _LINE.finditer(text):
        words = line[0].strip(_SPACE)
        start = line.start() + len(line[0]) - len(line[0].lstrip(_SPACE))
        if not words:
            continue
        if is_furniture(words):
            spans.append(Span(start=start, end=start + len(words)))
        elif len(words) <= _LONGEST and _CAPTION.match(words) and (credit := _CREDIT.search(words)):
            spans.append(Span(start=start + credit.start(1), end=start + credit.end(1)))
    return spans


def is_furniture(line: str) -> bool:
    """Whether a line without the space around it is furniture as a whole.

    >>> is_furniture("<저작권자 © 한빛신문 무단전재 및 재배포금지>"), is_furniture("회사는 저작권자를 찾았다.")
    (True, False)
    """
    if len(line) > _LONGEST:
        return False
    if any(rule.fullmatch(line) for rule in _RULES):
        return True
    if _MARKED.match(line):
        return True
    if _PROSE.search(_MAIL.sub("", line)):
        return False
    return bool(_COPYRIGHTED.search(line)) or (_MAIL.search(line) is not None and len(_MAIL.sub("", line)) <= 40)  # noqa: PLR2004


def masked(text: str, furniture: Sequence[Span]) -> str:
    """Return a text with furniture turned into spaces; every other code point keeps its place.

    >>> masked("공유\\n본문", [Span(start=0, end=2)])
    '  \\n본문'
    """
    parts, at = [], 0
    for span in furniture:
        parts += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*parts, text[at:]])
