"""Speakers of made-up Korean sentences: named ones, those carried over, and sentences without a speaker."""

from __future__ import annotations

import re

import pytest

from claimledger.models import Span
from claimledger.spotting import spot_with_problems
from claimledger.spotting.korean import Korean
from claimledger.spotting.language import ReportedStatement
from claimledger.vocabulary import AttributionMode

pytestmark = pytest.mark.slow  # needs the extra 'ko', which quick tests do not have


def statements(text: str) -> list[ReportedStatement]:
    language = Korean()
    found: list[ReportedStatement] = []
    for line in re.finditer(r"[^\n]+", text):
        paragraph = Span(start=line.start(), end=line.end())
        found += language.reported(text, language.sentences(text, paragraph))
    return found


def names(text: str) -> list[str | None]:
    return [one.speaker.name if one.speaker else None for one in statements(text)]


def last(text: str) -> tuple[str | None, str | None]:
    """Return the name and the basis of the last statement's speaker."""
    speaker = statements(text)[-1].speaker
    return (speaker.name, speaker.basis.value) if speaker else (None, None)


_WORDS = (
    "후보 주석 당선인 교육감 부통령 대법관 교황 여사 총통 선장 이장 감독 코치 선수 기자 변호사 "
    "대통령 총리 장관 차관 국장 과장 의원 위원장 대표 회장 사장 이사 교수 박사 연구원 원장 "
    "소장 서장 청장 시장 군수 구청장 도지사 대사 영사 특사 대변인 비서관 수석 실장 팀장 부장 "
    "차장 본부장 센터장 지점장 행장 총재 부총재 의장 부의장 총장 학장 교장 교감 교사 강사 조교 "
    "목사 신부 수녀 스님 주지 랍비 이맘 추기경 주교 국왕 여왕 왕세자 황제 총비서 서기장 당수 "
    "사무총장 간사 총무 고문 자문위원 사외이사 판사 검사 재판관 형사 경위 경감 순경 소방관 "
    "소방위 대장 중장 준장 대령 소령 대위 원사 중사 병장 함장 기장 승무원 기관사 조종사 항해사 "
    "어부 농부 이발사 미용사 요리사 셰프 간호사 의사 약사 한의사 수의사 물리치료사 회계사 세무사 "
    "노무사 법무사 변리사 건축가 디자이너 작가 소설가 시인 화가 조각가 가수 배우 개그맨 아나운서 "
    "앵커 특파원 논설위원 편집장 피디 프로듀서 작곡가 지휘자 피아니스트 무용가 안무가 심판 구단주 "
    "투수 골키퍼 주무관 사무관 외교관 사서 큐레이터 학예사 관장 단장 촌장 통장 조합장 노조위원장 "
    "할머니 어머니 남편 이웃 목격자 유족 경호원 경비원 점원 매니저 트레이너 애널리스트 컨설턴트 "
    "엔지니어 창업자 투자자 발명가 탐험가 등반가 비평가 평론가 역사가 철학자 물리학자 술탄 에미르 "
    "총독 재상 족장 추장 진행자 해설위원 유튜버 "
)
TITLES = _WORDS.split()
FIRST = "서누리 한빛섬 대통령은 “관세를 10% 올리겠다”고 말했다. "


def with_particle(noun: str, pair: str) -> str:
    """Return a noun with the particle of a pair, such as 은/는, that follows its last sound."""
    after_vowel = (ord(noun[-1]) - 0xAC00) % 28 == 0
    return noun + pair[after_vowel]


@pytest.mark.parametrize(
    ("pair", "rest"),
    [
        ("은는", "“그 값은 30% 비싸다”고 말했다."),
        ("은는", "그 값이 30% 비싸다고 지적했다."),
        ("은는", "30% 인하를 요구했다."),
        ("이가", "“그 값은 30% 비싸다”고 밝혔다."),
        ("이가", "값이 30% 올랐다고 밝혔다."),
    ],
)
def test_sentence_with_a_titled_subject_never_goes_to_the_speaker_before(pair: str, rest: str) -> None:
    for title in TITLES:
        for name in ("", "한도윤 ", "하산 알리 "):
            speaker = statements(f"{FIRST}{name}{with_particle(title, pair)} {rest}")[-1].speaker
            assert speaker is None or (speaker.name != "서누리" and speaker.basis.value == "explicit"), title


@pytest.mark.parametrize(
    "second",
    [
        "구슬항 부두지기는 “배가 3척 늘었다”고 말했다.",
        "새벽골 나루꾼은 물이 2m 불었다고 전했다.",
        "호수 함정이 신호 4개를 잡았다고 밝혔다.",
        "뱃노래보존회원들은 “회비가 두 배가 됐다”고 했다.",
        "나루마당은 손님이 30% 줄었다고 전했다.",
        "방재실은 물이 40㎝ 찼다고 알렸다.",
    ],
)
def test_unknown_subject_blocks_the_speaker_before(second: str) -> None:
    name, _ = last(FIRST + second)
    assert name != "서누리"


@pytest.mark.parametrize(
    ("second", "basis"),
    [
        ("“수입은 줄이겠다”고 덧붙였다.", "carried"),
        ("내년까지 마치겠다고 강조했다.", "carried"),
        ("그는 “일자리가 3만 개 생긴다”고 말했다.", "pronoun"),
        ("수출이 12% 늘 것이라고 덧붙였다.", "carried"),
        ("이어 매출은 30억 원으로 예상된다고 설명했다.", "carried"),
    ],
)
def test_pronoun_and_sentence_without_a_subject_inherit_and_say_so(second: str, basis: str) -> None:
    assert last(FIRST + second) == ("서누리", basis)


def test_speaker_is_not_carried_into_another_paragraph() -> None:
    assert last(f"{FIRST}\n내년까지 마치겠다고 강조했다.") == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "통계에 따르면 지난달 물가가 올랐다. 1년 전보다 3.6% 늘었다. 9년 만의 반등이다.",
        "보도에 따르면 공장은 두 곳이다. 1년 전보다 40% 줄었다. 5년 만의 일이다.",
        "이에 따르면 값은 300원이다. 작년보다 20원 올랐다. 역대 최고다.",
        "이 자료에 따르면 사고는 12건이다. 한 해 전보다 3건 늘었다. 두 달 연속이다.",
        "이 법에 따르면 벌금은 30만 원이다. 5년 전보다 두 배다. 10년 만의 인상이다.",
        "말에 따르면 배는 3척이다. 3년 전엔 12척이었다. 1년에 세 척씩 줄었다.",
    ],
)
def test_findings_without_an_author_are_continued_without_a_crash(text: str) -> None:
    speakers = {name for name in names(text) if name}
    assert speakers <= {"통계"}


@pytest.mark.parametrize(
    ("text", "name", "mode"),
    [
        ("조례 개정안에 따르면 가게는 10시에 닫는다.", "조례 개정안", "document"),
        ("안전 매뉴얼에 따르면 문은 3분 안에 열려야 한다.", "안전 매뉴얼", "document"),
        ("한 설문에 따르면 직장인의 38%가 이직을 바란다.", "설문", "document"),
        ("최근 한 연구에 따르면 차 두 잔이 잠을 12분 줄인다.", "연구", "document"),
        ("바다문화재단이 펴낸 ‘섬의 하루’에 따르면 섬은 3300개다.", "섬의 하루", "document"),
        ("‘새벽길’이 집계한 바에 따르면 찬성은 25명이다.", "새벽길", "indirect_quote"),
        ("바람군의 한 보건소와 나래의원에 따르면 환자는 12명이다.", "바람군의 한 보건소와 나래의원", "indirect_quote"),
        ("9일 바람소방서 등에 따르면 불은 40분 만에 꺼졌다.", "바람소방서", "indirect_quote"),
        ("별하나 등 현지 언론에 따르면 배는 3척이다.", "별하나 등 현지 언론", "indirect_quote"),
        ("서 기자에 따르면 이 춤은 300년 전에 생겼다.", "서 기자", "indirect_quote"),
        ("국세조사원이 국회에 낸 자료에 따르면 체납액은 3조 원이다.", "국세조사원", "document"),
        ("이에 따르면 값은 300원이다.", None, "indirect_quote"),
        ("이 자료에 따르면 사고는 해마다 12%씩 는다.", None, "document"),
        ("보도에 따르면 두 나라는 협정을 맺는다.", None, "document"),
    ],
)
def test_source_of_according_phrases(text: str, name: str | None, mode: str) -> None:
    (found,) = statements(text)
    assert (found.speaker.name if found.speaker else None, found.mode.value) == (name, mode)


@pytest.mark.parametrize(
    "text",
    [
        "이 법에 따르면 사업주는 안전모를 줘야 한다.",
        "관례에 따르면 의장은 최다선이 맡는다.",
        "순서에 따르면 다음은 서쪽 팀이다.",
        "세법 시행령에 따르면 공제액은 200만 원이다.",
        "공정의 원칙에 따르면 표는 하나씩이다.",
    ],
)
def test_rules_and_customs_are_no_source(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("7일 바람경찰서에 따르면 오씨는 잔액이 20만 원인 것을 확인했다.", "바람경찰서"),
        ("업계에 따르면 누리상사는 값을 5% 내리겠다며 거래처에 편지를 보냈다.", "업계"),
        ("현지 매체에 따르면 하늘섬 교통부는 운항을 멈출 것을 권고했다.", "매체"),
        ("소방당국에 따르면 주민 12명은 스스로 대피했다고 말했다.", "소방당국"),
        ("구단에 따르면 서 선수는 수술을 3주 미루기로 했다.", "구단"),
    ],
)
def test_source_of_the_sentence_precedes_people_in_it(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "시장의 지지율이 40%를 넘는다고 합니다.",
        "이 가게는 하루 100그릇만 판다고 하네요.",
        "달빛 배달은 65세 이상만 뽑는다고 하는데요.",
        "윤하나는 두 달간 상자 300개를 접었다고 한다.",
        "하늘카페가 쓰는 원두는 남쪽 섬에서 온 것이라고 하는데요.",
    ],
)
def test_hearsay_names_nobody(text: str) -> None:
    (found,) = statements(text)
    assert (found.speaker, found.cue_class) == (None, "hearsay")


@pytest.mark.parametrize("ending", ["겠다고 한다", "겠다고 합니다"])
def test_a_will_in_the_present_tense_is_the_subjects(ending: str) -> None:
    assert names(f"서하늘 시장은 요금을 200원 내리{ending}.") == ["서하늘"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("심사위원회는 이들이 새 길을 열었다고 총평했다.", "심사위원회"),
        ("검찰은 30억 원이 빠져나간 사실이 있다고 결론내렸다.", "검찰"),
        ("노조는 임금이 3년째 그대로라고 성토했다.", "노조"),
        ("의원들은 예산이 30% 줄었다고 입을 모았다.", "의원들"),
        ("바람일보는 12만 명이 모인 것으로 보도했다.", "바람일보"),
        ("회사는 값을 5% 내린다고 공고했다.", "회사"),
        ("새벽당은 법안이 악법이라고 맹비난했다.", "새벽당"),
    ],
)
def test_verbs_after_a_reported_clause(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "김씨는 값이 오른다고 생각했다.", "시는 길이 막힌다고 판단했다는 말이 없다.", "서씨는 몸이 아프다고 결석했다.",
        "그 섬은 달섬이라고 불렸다.", "회사는 값이 싸다고 착각했다.",
    ],
)  # fmt: skip
def test_thoughts_and_actions_report_nothing(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    ("text", "name", "organization"),
    [
        ("마렉 오닐 별전자 CEO는 “50만 대를 만든다”고 말했다.", "마렉 오닐", "별전자"),
        ("앨리스 그린우드 북해대 교수는 바다가 60㎝ 올랐다고 분석했다.", "앨리스 그린우드", "북해대"),
        ("세르게이 볼코프 러시아 외무장관은 “회담은 3일 뒤”라고 말했다.", "세르게이 볼코프", "러시아"),
        ("일본 정부 대변인인 스가와라 겐지 관방장관은 3척이 왔다고 밝혔다.", "스가와라 겐지", "일본 정부"),
        ("팀 로완 사과나무 최고경영자는 직원이 300명이라고 밝혔다.", "팀 로완", "사과나무"),
    ],
)
def test_foreign_names_are_whole(text: str, name: str, organization: str) -> None:
    (found,) = statements(text)
    assert found.speaker is not None
    assert (found.speaker.name, found.speaker.organization) == (name, organization)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("별누리 자회사인 ‘하늘 모빌리티’는 올해 문을 연다고 발표했다.", "하늘 모빌리티"),
        ("바람지법 형사7부(한가람 부장판사)는 징역 3년을 선고했다고 밝혔다.", "바람지법 형사7부"),
        ("대법원 1부는 “계약은 무효”라고 판시했다.", "대법원 1부"),
        ("로켓소식24는 배 3척이 떴다고 보도했다.", "로켓소식24"),
        ("바람조보 등은 15만 명이 왔다고 보도했다.", "바람조보"),
        ("현지언론 도하 뉴스가 사망자는 30명이라고 보도했다.", "현지언론 도하 뉴스"),
        ("피해자의 어머니 정 모 씨는 “3시간을 기다렸다”고 말했다.", "정모"),
        ("주최 측은 관객이 10만 명을 넘었다고 밝혔다.", "주최 측"),
        ("노조 측은 “인상률이 3%에 그쳤다”며 반발했다.", "노조"),
    ],
)
def test_marks_and_digits_in_names(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("한도윤 시장과 서보라 의장은 “예산을 10% 줄인다”고 말했다.", ["한도윤 시장과 서보라 의장"]),
        ("소방당국과 경찰은 30명이 대피했다고 설명했다.", ["소방당국과 경찰"]),
        ("새벽당은 반대에 나섰고, 노을당은 예산이 부족하다고 비판했다.", ["노을당"]),
        ("바람 경찰은 길을 막았으나, 달빛신문 등은 5만 명이 걸었다고 전했다.", ["달빛신문"]),
        ("바람시가 물값은 5% 오른다고 밝혔다.", ["바람시"]),
        ("해경은 탑승자는 47명이며 이 중 구조자는 17명이라고 밝혔다.", ["해경"]),
        ("더위에 대한 대책도 강조하면서 예산이 30억 원이라고 밝혔다.", [None]),
    ],
)
def test_several_topics(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("한도윤 대표: “내년에 공장을 두 배로 늘린다”", ["한도윤"]),
        ("서보라 시장 “지하철 요금 200원 올린다”", ["서보라"]),
        ("Q. 목표는? A. “매출 300억 원을 넘기는 것이다.”", [None]),
        ("집회에는 경찰 추산 3만 명이 모였다.", ["경찰"]),
        ("주최 측 추산 5만 명, 경찰 추산 2만 명이 모였다.", []),
        ("새벽리서치가 1200명을 조사한 결과 54%가 찬성하는 것으로 나타났다.", ["새벽리서치"]),
        ("경찰 조사 결과 오씨는 12억 원을 빼돌린 것으로 드러났다.", ["경찰"]),
        ("바람통신은 정부 관계자를 인용해 30명이 다쳤다고 보도했다.", ["바람통신"]),
        ("값이 10% 오를 것으로 업계에서는 보고 있다.", ["업계"]),
        ("보고서는 바다가 60㎝ 오를 것으로 내다봤다.", ["보고서"]),
    ],
)
def test_forms_without_a_subject_and_verb_of_saying(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("noun", ["회사", "이사회", "당국", "위원회", "재단"])
def test_reference_to_an_organization_is_not_an_anonymous_person(noun: str) -> None:
    (found,) = statements(f"{with_particle(noun, '은는')} “올해 200명을 뽑겠다”고 밝혔다.")
    assert found.speaker is not None
    assert (found.speaker.name, found.speaker.is_anonymous, found.speaker.role) == (noun, False, None)


@pytest.mark.parametrize("title", ["의원", "교수", "감독", "후보", "회장"])
def test_short_name_is_bound_to_its_introduction(title: str) -> None:
    particle = with_particle(title, "은는")[-1]
    text = f"윤가람 {title}(새빛모임){particle} “예산이 3배”라고 말했다. 윤 {title}{particle} “더 늘 것”이라고 했다."
    assert names(text) == ["윤가람", "윤가람"]


@pytest.mark.parametrize(
    ("following", "is_continued"),
    [
        ("감소 폭은 10년 만에 가장 컸다.", True),
        ("1년 전보다 3% 적다.", True),
        ("지난해 같은 기간보다 12t 늘었다.", True),
        ("서하늘 시장이 5년의 임기를 마쳤다.", False),
        ("이날 눈이 30㎝ 내렸다.", False),
        ("길도 3곳 막혔습니다.", False),
    ],
)
def test_document_is_continued_by_figures_and_not_by_new_matter(following: str, *, is_continued: bool) -> None:
    found = statements(f"바다연구소 보고서에 따르면 배출량은 12% 줄었다. {following}")
    expected = ("바다연구소", "carried") if is_continued else ("바다연구소", "explicit")
    assert last(f"바다연구소 보고서에 따르면 배출량은 12% 줄었다. {following}") == expected
    assert all(one.mode is AttributionMode.DOCUMENT for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "배는 에 따르면 3척이다.",
        "’ 에 따르면 선원은 40명이다.",
        "선원은 (약 40명) 했다.",
        "값이 오른다고 (3%) 했다.",
        "구청장은 “배가 늘었다”고 ‘ 했다.",
        "“ 에게 의하면 그는 ” 3척이라고 ( ) 밝혔다.",
    ],
)
def test_broken_text_does_not_stop_the_reading(text: str) -> None:
    assert spot_with_problems(text).problems == ()


@pytest.mark.parametrize("name", ["금융감독원", "감사원", "한국교육과정평가원", "한국소비자원", "국가정보원"])
def test_institution_that_ends_like_a_person_is_not_anonymous(name: str) -> None:
    (found,) = spot_with_problems(f"{name}은 13일 대출이 12% 늘었다고 밝혔다.").candidates
    assert found.speaker
    assert (found.speaker.name, found.speaker.is_anonymous) == (name, False)
