"""Figures of Korean and English text: what is found, where, and what it says.

Each row of a table is a text and, for each figure in it, `printed = value unit comparator direction`; a range is
written low..high, money by its ISO code. A row without figures says that nothing in it is one.
"""

from __future__ import annotations

import sys
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.quantities import (
    Basis, Figure, Role, find_figures, resolve_date, to_quantity,
)  # fmt: skip
from claimledger.quantities.scanner import _READERS, SCAN
from claimledger.vocabulary import Comparator, Direction

MONEY = [
    ("개인 돈 5천만달러(약 667억원)를 투입", "5천만달러 = 50000000 USD", "약 667억원 = 66700000000 KRW about"),
    ("비용만 20억위안(3834억원)이 든다", "20억위안 = 2000000000 CNY", "3834억원 = 383400000000 KRW"),
    ("기업가치 5억위안인 회사", "5억위안 = 500000000 CNY"),
    ("10억달러로 인정받아", "10억달러 = 1000000000 USD"),
    ("적어도 2억달러가 필요하다", "적어도 2억달러 = 200000000 USD at_least"),
    ("약 130억달러를 투자", "약 130억달러 = 13000000000 USD about"),
    ("1조2000억 원 규모", "1조2000억 원 = 1200000000000 KRW"),
    ("1조 2,000억원 규모", "1조 2,000억원 = 1200000000000 KRW"),
    ("1.5조원을 넘었다", "1.5조원을 넘었 = 1500000000000 KRW more_than"),
    ("3조5천억여원의 예산", "3조5천억여원 = 3500000000000 KRW more_than"),
    ("1억6천400여만원을 선고", "1억6천400여만원 = 164000000 KRW more_than"),
    ("667만5천원으로 올랐다", "667만5천원 = 6675000 KRW"),
    ("6만2천548원에 팔린", "6만2천548원 = 62548 KRW"),
    ("108만1920원을 냈다", "108만1920원 = 1081920 KRW"),
    ("3~4억원대 아파트", "3~4억원 = 300000000..400000000 KRW"),
    ("3만~5만원 사이", "3만~5만원 = 30000..50000 KRW"),
    ("1억∼2억 원", "1억∼2억 원 = 100000000..200000000 KRW"),
    ("백만 원을 빌려", "백만 원 = 1000000 KRW"),
    ("삼천만 원짜리 차", "삼천만 원 = 30000000 KRW"),
    ("수천억 원을 쏟아부었다", "수천억 원 = 100000000000..999999999999 KRW"),
    ("천 원짜리 지폐", "천 원 = 1000 KRW"),
    ("만원 한 장", "만원 = 10000 KRW", "한 장 = 1 sheet"),
    ("130억 달러 이상", "130억 달러 이상 = 13000000000 USD at_least"),
    ("100만 홍콩달러", "100만 홍콩달러 = 1000000 HKD"),
    ("500만 유로 미만", "500만 유로 미만 = 5000000 EUR less_than"),
    ("160만 엔에 낙찰", "160만 엔 = 1600000 JPY"),
    ("30만 파운드 이하", "30만 파운드 이하 = 300000 GBP at_most"),
    ("2천만 루피를 지급", "2천만 루피 = 20000000 INR"),
    ("9천만원 가까이", "9천만원 가까이 = 90000000 KRW nearly"),
    ("1천만원을 밑도는 금액", "1천만원을 밑도는 = 10000000 KRW less_than"),
    ("최대 300만원까지", "최대 300만원 = 3000000 KRW at_most"),
    ("500억원에 육박하는", "500억원에 육박 = 50000000000 KRW nearly"),
    ("Microsoft invested about $13B in it", "about $13B = 13000000000 USD about"),
    ("a $290m loan", "$290m = 290000000 USD"),
    ("worth US$1.2bn", "US$1.2bn = 1200000000 USD"),
    ("it paid $1.4 billion", "$1.4 billion = 1400000000 USD"),
    ("cost €5.4m last year", "€5.4m = 5400000 EUR", "last year = date"),
    ("£1,000 each", "£1,000 = 1000 GBP"),
    ("HK$5.4m in fines", "HK$5.4m = 5400000 HKD"),
    ("USD 10m and EUR20k", "USD 10m = 10000000 USD", "EUR20k = 20000 EUR"),
    ("a fine of $3 billion to $5 billion", "$3 billion to $5 billion = 3000000000..5000000000 USD"),
    ("between $62 and $68 per share", "$62 and $68 = 62..68 USD"),
    ("US$89 to $93 billion", "US$89 to $93 billion = 89000000000..93000000000 USD"),
    ("333.6 million yen ($3.1 million)", "333.6 million yen = 333600000 JPY", "$3.1 million = 3100000 USD"),
    ("7.5 million Danish crowns", "7.5 million Danish crowns = 7500000 DKK"),
    ("a million dollars", "a million dollars = 1000000 USD"),
    ("over $76 US a barrel", "over $76 US = 76 USD more_than"),
    ("₩5,000 won", "₩5,000 = 5000 KRW"),
    ("the pound fell to $-50.8bn", "$-50.8bn = -50800000000 USD"),
    ("up to $5 a day", "up to $5 = 5 USD at_most"),
    ("more than RM23.50 a share", "more than RM23.50 = 23.50 MYR more_than"),
    ("tens of millions of dollars", "tens of millions of dollars = 10000000..99999999 USD"),
    ("half a million euros", "half a million euros = 500000 EUR"),
    ("nearly ¥590 billion", "nearly ¥590 billion = 590000000000 JPY nearly"),
    ("9 billion shekels", "9 billion shekels = 9000000000 ILS"),
    ("at least 30 million yuan", "at least 30 million yuan = 30000000 CNY at_least"),
]

COUNTS = [
    ("직원 40명 대부분은", "40명 = 40 person"),
    ("정규직 3억 명이", "3억 명 = 300000000 person"),
    ("인사 수천 명이", "수천 명 = 1000..9999 person"),
    ("수십 명이 다쳤다", "수십 명 = 10..99 person"),
    ("수십만 명이 모였다", "수십만 명 = 100000..999999 person"),
    ("몇백 명이 왔다", "몇백 명 = 100..999 person"),
    ("참가자 36만7,212명이", "36만7,212명 = 367212 person"),
    ("1,234명이 서명", "1,234명 = 1234 person"),
    ("100여명이 참가", "100여명 = 100 person more_than"),
    ("10여 명의 학생", "10여 명 = 10 person more_than"),
    ("최소 1만 개가 넘는 A100", "최소 1만 개가 넘는 = 10000 item more_than"),
    ("다 합쳐도 4만 개 정도다", "4만 개 정도 = 40000 item about"),
    ("매개변수가 1천억 개를 돌파했다", "1천억 개를 돌파 = 100000000000 item more_than"),
    ("매개변수가 1750억 개인", "1750억 개 = 175000000000 item"),
    ("차량 3대가 부딪혔다", "3대 = 3 vehicle"),
    ("화재 12건이 접수", "12건 = 12 case"),
    ("전국 5곳에서", "5곳 = 5 place"),
    ("한 명이 숨지고 두 명이 다쳤다", "한 명 = 1 person", "두 명 = 2 person"),
    ("세 마리를 잡았다", "세 마리 = 3 animal"),
    ("스무 살 청년", "스무 살 = 20 year_of_age"),
    ("열두 곳을 돌았다", "열두 곳 = 12 place"),
    ("서너 명이 남았다", "서너 명 = 3..4 person"),
    ("두세 차례 만났다", "두세 차례 = 2..3 occasion"),
    ("두 회사가 합병했다", "두 회사 = 2 company"),
    ("두 학자가 함께 받았다", "두 학자 = 2"),
    ("김모(48)씨를 붙잡았다", "48 = 48 year_of_age"),
    ("19살 직원", "19살 = 19 year_of_age"),
    ("20~30명을 뽑는다", "20~30명 = 20..30 person"),
    ("승객 250명 중 174명", "250명 = 250 person", "174명 = 174 person"),
    ("십만 명을 넘었다", "십만 명을 넘었 = 100000 person more_than"),
    ("삼백여 명이 모여", "삼백여 명 = 300 person more_than"),
    ("세계 4위에 올랐다", "4위 = 4 rank"),
    ("제1차 회의", "제1차 = 1 ordinal"),
    ("첫 번째 회담", "첫 번째 = 1 ordinal"),
    ("지하 3층에서", "3층 = 3 floor"),
    ("관객 700만명 돌파", "700만명 돌파 = 7000000 person more_than"),
    ("선박 2척이", "2척 = 2 ship"),
    ("책 1만2천 권", "1만2천 권 = 12000 volume"),
    ("5개국 정상", "5개국 = 5 country"),
    ("절반이 넘는 응답자", "절반이 넘는 = 0.5 ratio more_than"),
    ("10명 중 8명이 쓴다", "10명 = 10 person", "8명 = 8 person"),
    ("30명가량이 남았다", "30명가량 = 30 person about"),
    ("한 30명쯤 왔다", "한 30명쯤 = 30 person about"),
    ("50명 안팎의 직원", "50명 안팎 = 50 person about"),
    ("40명을 웃도는", "40명을 웃도는 = 40 person more_than"),
    ("70명이 채 안 되는", "70명이 채 안 되는 = 70 person less_than"),
    ("13000 workers in Britain", "13000 workers = 13000 worker"),
    ("more than 700 heart transplants since", "more than 700 heart transplants = 700 transplant more_than"),
    ("50 different products and", "50 different products = 50 product"),
    ("There were 14 first-team players.", "14 first-team players = 14 player"),
    ("two kids in private school", "two kids = 2 kid"),
    ("Five new seasons of the show", "Five new seasons = 5 season"),
    ("as many as 14 companies left", "as many as 14 companies = 14 company at_most"),
    ("fewer than 30 cities", "fewer than 30 cities = 30 city less_than"),
    ("around 600 people worldwide", "around 600 people = 600 person about"),
    ("a dozen eggs", "a dozen eggs = 12 egg"),
    ("two dozen ships", "two dozen ships = 24 ship"),
    ("thousands of students marched", "thousands of students = 1000..9999 student"),
    ("hundreds of fishermen", "hundreds of fishermen = 100..999 fisherman"),
    ("Dozens of people were hurt", "Dozens of people = 12..119 person"),
    ("several hundred jobs", "several hundred jobs = 100..999 job"),
    ("tens of thousands of homes", "tens of thousands of homes = 10000..99999 home"),
    ("4 hundred million people", "4 hundred million people = 400000000 person"),
    ("twenty-one senators voted", "twenty-one senators = 21 senator"),
    ("two hundred and five jobs", "two hundred and five jobs = 205 job"),
    ("One proposal asks for more", "One proposal = 1 proposal"),
    ("There are 1 to 2 thousand people", "1 to 2 thousand people = 1000..2000 person"),
    ("three or four banks", "three or four banks = 3..4 bank"),
    ("1,478 shares were sold", "1,478 shares = 1478 share"),
    ("Maddon, 66, has rested", "66 = 66 year_of_age"),
    ("a 50-year-old man", "50-year-old = 50 year_of_age"),
    ("10 children or more", "10 children or more = 10 child at_least"),
    ("no more than 12 boxes", "no more than 12 boxes = 12 box at_most"),
    ("roughly 300 recorded songs", "roughly 300 recorded songs = 300 song about"),
    ("10,000 A100 chips", "10,000 A100 chips = 10000 chip"),
    ("just under 40 countries", "just under 40 countries = 40 country less_than"),
    ("they need 10,000 GPUs", "10,000 GPUs = 10000 gpu"),
    ("the index closed at 1,334.20.", "1,334.20 = 1334.20"),
    ("500 or so women", "500 or so = 500 about"),
]

SHARES = [
    ("정보의 90%를 시각으로", "90% = 90 percent"),
    ("일자리의 18%에서", "18% = 18 percent"),
    ("성적이 40% 정도 낮은 것으로", "40% 정도 낮은 = 40 percent about below"),
    ("3분의 2에 불과한", "3분의 2 = 0.6667 ratio"),
    ("4분의 1 이상", "4분의 1 이상 = 0.25 ratio at_least"),
    ("삼분의 일을 넘는", "삼분의 일을 넘는 = 0.3333 ratio more_than"),
    ("2.5%포인트 올랐다", "2.5%포인트 올랐다 = 2.5 percentage_point above"),
    ("0.25%p 인하", "0.25%p 인하 = 0.25 percentage_point below"),
    ("10배 더 큰 사업 기회", "10배 더 큰 = 10 times above"),
    ("10배는 큰 기회", "10배는 큰 = 10 times above"),
    ("원가의 2배까지 뛰었고", "2배 = 2 times"),
    ("두 배 가까이 늘었다", "두 배 가까이 늘었다 = 2 times nearly above"),
    ("경쟁률은 8.7대 1이었다", "8.7대 1 = 8.7 ratio"),
    ("53대 46으로 이겼다", "53대 46 = 46..53 score"),
    ("3대2로 앞선", "3대2 = 2..3 score"),
    ("1-5로 뒤진", "1-5 = 1..5 score"),
    ("20퍼센트 증가", "20퍼센트 증가 = 20 percent above"),
    ("9% 감소해", "9% 감소해 = 9 percent below"),
    ("30%나 급락", "30%나 급락 = 30 percent below"),
    ("5~10% 할인", "5~10% 할인 = 5..10 percent below"),
    ("10–12 % 늘", "10–12 % 늘 = 10..12 percent above"),
    ("절반가량이 찬성", "절반가량 = 0.5 ratio about"),
    ("about 40 % below ChatGPT", "about 40 % below = 40 percent about below"),
    ("about 40% lower than", "about 40% lower = 40 percent about below"),
    ("10–12 % of jobs", "10–12 % = 10..12 percent"),
    ("two-thirds of voters", "two-thirds = 0.6667 ratio"),
    ("nearly two-thirds of them", "nearly two-thirds = 0.6667 ratio nearly"),
    ("a third of the population", "a third = 0.3333 ratio"),
    ("three quarters of it", "three quarters = 0.75 ratio"),
    ("one-fifth of homes", "one-fifth = 0.2 ratio"),
    ("almost half of which", "almost half = 0.5 ratio nearly"),
    ("half of the workers", "half = 0.5 ratio"),
    ("One out of three Germans", "One out of three = 0.3333 ratio"),
    ("1/16 of a US pint", "1/16 = 0.0625 ratio"),
    ("¾ of voters", "¾ = 0.75 ratio"),
    ("25 basis points", "25 basis points = 25 basis_point"),
    ("rates rose by 25 basis points", "25 basis points = 25 basis_point above"),
    ("20 per cent", "20 per cent = 20 percent"),
    ("rose about 5 percent", "about 5 percent = 5 percent about above"),
    ("shares fell 0.94% as", "0.94% = 0.94 percent below"),
    ("down by about 9.2 pct", "about 9.2 pct = 9.2 percent about below"),
    ("0.5 percentage points higher", "0.5 percentage points higher = 0.5 percentage_point above"),
    ("ten times earnings", "ten times = 10 times"),
    ("1.5 to 2 percent", "1.5 to 2 percent = 1.5..2 percent"),
    ("between 5% and 6%", "5% and 6% = 5..6 percent"),
    ("a rate of .001 per cent", ".001 per cent = 0.001 percent"),
    ("won 2-0 at home", "2-0 = 0..2 score"),
    ("Tesla jumped 8.5% and", "8.5% = 8.5 percent above"),
    ("more than 60 per cent of it", "more than 60 per cent = 60 percent more_than"),
    ("three-quarters full", "three-quarters = 0.75 ratio"),
]

MEASURES = [
    ("사거리 300km 이상", "300km 이상 = 300 kilometer at_least"),
    ("높이 57m에서", "57m = 57 meter"),
    ("81∼120μg/m3 수준", "81∼120μg/m3 = 81..120 microgram_per_cubic_meter"),
    ("영하 5도까지", "영하 5도 = -5 degree"),
    ("기온이 33도로", "33도 = 33 degree"),
    ("70cm의 눈", "70cm = 70 centimeter"),
    ("4천300t급 화물선", "4천300t = 4300 ton"),
    ("시속 120km로", "120km = 120 kilometer"),
    ("32인치 화면", "32인치 = 32 inch"),
    ("3천만 배럴 규모", "3천만 배럴 = 30000000 barrel"),
    ("면적은 500㎡다", "500㎡ = 500 square_meter"),
    ("1만6,500제곱미터", "1만6,500제곱미터 = 16500 square_meter"),
    ("용량 64GB 모델", "64GB = 64 gigabyte"),
    ("발전량 35GWh", "35GWh = 35 gigawatt_hour"),
    ("150마력을 낸다", "150마력 = 150 horsepower"),
    ("from 30 yards out", "30 yards = 30 yard"),
    ("about 90 miles wide", "about 90 miles = 90 mile about"),
    ("8 miles (13 kilometers) of tunnel", "8 miles = 8 mile", "13 kilometers = 13 kilometer"),
    ("87 mph (140 km/h)", "87 mph = 87 mile_per_hour", "140 km/h = 140 kilometer_per_hour"),
    ("15-22 miles per hour", "15-22 miles per hour = 15..22 mile_per_hour"),
    ("8 square feet of space", "8 square feet = 8 square_foot"),
    ("a 6.1-inch display", "6.1-inch = 6.1 inch"),
    ("500 degrees celsius", "500 degrees celsius = 500 celsius"),
    ("minus 387 Fahrenheit", "minus 387 Fahrenheit = -387 fahrenheit"),
    ("1 to 1.5 degrees Celsius", "1 to 1.5 degrees Celsius = 1..1.5 celsius"),
    ("sub-7 nanometer chips", "sub-7 nanometer = 7 nanometer less_than"),
    ("1.8 billion-mile journey", "1.8 billion-mile = 1800000000 mile"),
    ("1.3 A/cm2 of current", "1.3 A/cm2 = 1.3 ampere_per_square_centimeter"),
    ("640bhp 5.2 litre engine", "640bhp = 640 brake_horsepower", "5.2 litre = 5.2 liter"),
    ("a 10kW panel", "10kW = 10 kilowatt"),
    ("52,000 barrels a day", "52,000 barrels a day = 52000 barrel_per_day"),
    ("4 ppb of lead", "4 ppb = 4 part_per_billion"),
]

TIMES = [
    ("3월19일 발표했다", "3월19일 = date"),
    ("2022년 11월30일, 공개", "2022년 11월30일 = date"),
    ("2023년 4월 초 중단", "2023년 4월 초 = date"),
    ("2019년부터 집중했다", "2019년 = date"),
    ("2주 전 합병한", "2주 전 = date"),
    ("두 달 전 선언했다", "두 달 전 = date"),
    ("하루 만에 공개", "하루 = duration"),
    ("앞으로 1년 동안", "1년 = duration"),
    ("5년간 이어진", "5년간 = duration"),
    ("4년 뒤 개선했다", "4년 뒤 = date"),
    ("한 달이 지난 뒤", "한 달 = duration"),
    ("올해 1월 수준", "올해 1월 = date"),
    ("지난해 4월26일 보고서", "지난해 4월26일 = date"),
    ("지난달 31일 열린", "지난달 31일 = date"),
    ("오는 23일 방송", "오는 23일 = date"),
    ("29일(한국시각) 오전 9시 30분 기준", "29일 = date", "오전 9시 30분 = time"),
    ("이날 오후 발표", "이날 = date", "오후 = time"),
    ("2시간 45분 만에", "2시간 45분 = duration"),
    ("1년7개월가량", "1년7개월가량 = duration about"),
    ("6시간 넘게 기다렸다", "6시간 넘게 = duration more_than"),
    ("27∼28일 회의", "27∼28일 = date"),
    ("2013~2015년 통계", "2013~2015년 = date"),
    ("2분기 매출", "2분기 = date"),
    ("올해 상반기 실적", "올해 상반기 = date"),
    ("1990년대 초반", "1990년대 초반 = date"),
    ("20일간 이어진", "20일간 = duration"),
    ("9일 만에 나온", "9일 = duration"),
    ("이틀 동안", "이틀 = duration"),
    ("사흘 뒤", "사흘 뒤 = date"),
    ("여름에 열린다", "여름 = date"),
    ("April 6, 2023 was", "April 6, 2023 = date"),
    ("on 6 April 2023", "6 April 2023 = date"),
    ("in early April 2023", "early April 2023 = date"),
    ("ending Oct. 31.", "Oct. 31 = date"),
    ("since 1991 and in 2004", "1991 = date", "2004 = date"),
    ("Between 1600 and 1900 it fell", "1600 = date", "1900 = date"),
    ("two weeks ago", "two weeks ago = date"),
    ("three years in prison", "three years = duration"),
    ("a five-year plan", "five-year = duration"),
    ("more than three months.", "more than three months = duration more_than"),
    ("at 10:27 PM EDT", "10:27 PM = time"),
    ("at 5am on Monday", "5am = time", "Monday = date"),
    ("yesterday and last month", "yesterday = date", "last month = date"),
    ("the 1990s", "1990s = date"),
    ("2023-04-06에 공개", "2023-04-06 = date"),
    ("May 5 to May 7", "May 5 = date", "May 7 = date"),
    ("they may march on", ),
    ("half an hour", "half an hour = duration"),
    ("about 8 seconds", "about 8 seconds = duration about"),
]

NAMES = [
    "A100과 H100 GPU", "지피티-3.5를 훈련", "‘프로젝트 AI 2.0’을", "AI 1.0 단계에서는", "원신 1.0을 공개했다", "ERNIE 3.0 Titan을 발표",
    "다이나믹365 등을", "5G 통신망", "2차전지 업계", "2차 전지 업계", "3차원 영상", "4차 산업혁명 시대", "꿈에 한 걸음 다가섰다", "‘네 마리 용’인",
    "두 마리 토끼를 잡았다", "다시 한 번 확인", "한편 정부는", "세종 정부청사", "조사 대상", "조건을 걸었다", "천장이 무너져", "만기가 지났다", "구조자는",
    "이 여성은", "한 여성이", "119구조대에", "2NE1의 노래", "시즌2에서", "아이폰6를", "K팝스타5 우승", "007 시리즈", "서해 5도에",
    "the iPhone 11 Pro", "in the Big 12.", "tied Game 7", "the Fortune 100 list", "COVID-19 cases", "a third-party app", "the 96th-minute winner",
    "its fourth straight win", "GPT-4 and GPT-3.5", "an F-16 jet", "the 5G network", "Windows 11", "one of the best", "this one is", "no one knows",
    "one thing is clear", "each one they lose", "version 3.14.15", "call 02-123-4567", "24/7 service", "9/11 attacks", "the first half",
    "49 Zorro Ranch Road", "cloud nine", "the final third of the pitch",
]  # fmt: skip

MIXED = [
    ("오픈AI가 GPT-4에 $100m 이상을 썼다", "$100m 이상 = 100000000 USD at_least"),
    ("매출은 US$1.2bn(약 1조6000억원)", "US$1.2bn = 1200000000 USD", "약 1조6000억원 = 1600000000000 KRW about"),
    ("Samsung said 1조 2000억 원 was paid", "1조 2000억 원 = 1200000000000 KRW"),
    ("Ernie Bot은 40 % 낮았다", "40 % 낮았다 = 40 percent below"),
    ("10 million명이 썼다", "10 million명 = 10000000 person"),
]


def shown(figure: Figure) -> str:
    """Return a figure as the tables print it."""
    if figure.role in (Role.DATE, Role.TIME):
        return f"{figure.text} = {figure.role.value}"
    ends = (figure.low, figure.high) if figure.amount is None else (figure.amount,)
    value = figure.role.value if figure.role is Role.DURATION else "..".join(format(end, "f") for end in ends if end is not None)
    words = (value, figure.currency or figure.unit if figure.role is Role.QUANTITY else None, figure.comparator, figure.direction)
    return f"{figure.text} = {' '.join(str(word) for word in words if word)}"


@pytest.mark.parametrize("row", [*MONEY, *COUNTS, *SHARES, *MEASURES, *TIMES, *MIXED, *((name,) for name in NAMES)], ids=lambda row: row[0])
def test_reads(row: tuple[str, ...]) -> None:
    assert [shown(figure) for figure in find_figures(row[0])] == list(row[1:])


CONVERSIONS = [
    ("5천만달러(약 667억원)", {1: 0}), ("20억위안(3834억원)", {1: 0}), ("333.6 million yen ($3.1 million)", {1: 0}),
    ("8 miles (13 kilometers)", {1: 0}), ("87 mph (140 km/h)", {1: 0}), ("100만달러(우리 돈 약 13억원)", {1: 0}),
    ("40명(3명 사망)", {}), ("3억원(5억원)", {}), ("10달러, 5유로", {}), ("2개(160만 엔)", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CONVERSIONS)
def test_a_figure_in_parentheses_converts_the_one_before(text: str, wanted: dict[int, int]) -> None:
    figures = find_figures(text)
    assert {place: figure.conversion_of for place, figure in enumerate(figures) if figure.conversion_of is not None} == wanted


PRECISIONS = [
    ("130억달러", "1E+8"), ("1.5조원", "1E+11"), ("36만7,212명", "1"), ("2.5%", "0.1"), ("5천만달러", "1E+7"), ("$1.2bn", "1E+8"),
    ("1,234 jobs", "1"), ("two hundred jobs", "1E+2"), ("1조2000억원", "1E+8"), ("2.50%", "0.01"), ("세 명", "1"), ("삼백만 명", "1E+6"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "step"), PRECISIONS)
def test_precision_is_the_step_of_the_last_digit(text: str, step: str) -> None:
    assert find_figures(text)[0].precision == Decimal(step)


def test_a_fraction_has_no_precision() -> None:
    assert find_figures("3분의 2에")[0].precision is None


ARTICLE_ON = date(2023, 6, 1)
DATES = [
    ("3월19일", "2023-03-19", Basis.YEAR_FROM_ARTICLE), ("12월25일", "2022-12-25", Basis.YEAR_FROM_ARTICLE),
    ("2022년 11월30일", "2022-11-30", Basis.EXPLICIT), ("2023년 4월 초", "2023-04-01/2023-04-10", Basis.EXPLICIT),
    ("2023년 3월", "2023-03", Basis.EXPLICIT), ("2019년부터", "2019", Basis.EXPLICIT), ("1월 말", "2023-01-21/2023-01-31", Basis.YEAR_FROM_ARTICLE),
    ("두 달 전", "2023-04", Basis.RELATIVE), ("2주 전", "2023-05-15/2023-05-21", Basis.RELATIVE), ("4년 뒤", "2027", Basis.RELATIVE),
    ("사흘 전", "2023-05-29", Basis.RELATIVE), ("올해 1월", "2023-01", Basis.RELATIVE), ("지난해 4월26일", "2022-04-26", Basis.RELATIVE),
    ("지난달 31일", "2023-05-31", Basis.RELATIVE), ("다음달 10일", "2023-07-10", Basis.RELATIVE), ("오는 15일", "2023-06-15", Basis.RELATIVE),
    ("지난 3일", "2023-05-03", Basis.RELATIVE), ("오는 3월", "2024-03", Basis.YEAR_FROM_ARTICLE), ("오는 8월 3일", "2023-08-03", Basis.YEAR_FROM_ARTICLE),
    ("내년 상반기", "2024-01/2024-06", Basis.RELATIVE), ("어제", "2023-05-31", Basis.RELATIVE), ("지난주", "2023-05-22/2023-05-28", Basis.RELATIVE),
    ("2분기", "2023-04/2023-06", Basis.YEAR_FROM_ARTICLE), ("90년대", "1990/1999", Basis.YEAR_FROM_ARTICLE), ("2000년대", "2000/2009", Basis.EXPLICIT),
    ("98년 5월", "1998-05", Basis.YEAR_FROM_ARTICLE), ("27~28일", "2023-05-27/2023-05-28", Basis.RELATIVE), ("2013~2015년", "2013/2015", Basis.EXPLICIT),
    ("두세 달 전", "2023-03/2023-04", Basis.RELATIVE), ("이날", None, Basis.UNRESOLVED), ("2월30일", None, Basis.UNRESOLVED),
    ("6·25 전쟁", None, Basis.UNRESOLVED), ("추석에", None, Basis.UNRESOLVED), ("2023-04-06", "2023-04-06", Basis.EXPLICIT),
    ("early April 2023", "2023-04-01/2023-04-10", Basis.EXPLICIT), ("April 6, 2023", "2023-04-06", Basis.EXPLICIT), ("6 April 2023", "2023-04-06", Basis.EXPLICIT),
    ("March 7", "2023-03-07", Basis.YEAR_FROM_ARTICLE), ("Nov. 5", "2022-11-05", Basis.YEAR_FROM_ARTICLE), ("in 2019", "2019", Basis.EXPLICIT),
    ("the 1990s", "1990/1999", Basis.EXPLICIT), ("two weeks ago", "2023-05-15/2023-05-21", Basis.RELATIVE), ("last month", "2023-05", Basis.RELATIVE),
    ("on Tuesday", None, Basis.UNRESOLVED), ("2023년 봄", "2023", Basis.EXPLICIT), ("지난해 말", "2022-10/2022-12", Basis.RELATIVE),
]  # fmt: skip


@pytest.mark.parametrize(("text", "edtf", "basis"), DATES)
def test_resolves_a_date_against_the_article(text: str, edtf: str | None, basis: Basis) -> None:
    assert resolve_date(find_figures(text)[0], ARTICLE_ON) == (edtf, basis)


def test_only_dates_are_resolved() -> None:
    with pytest.raises(ValueError, match="is a quantity, not a date"):
        resolve_date(find_figures("40명")[0], ARTICLE_ON)


def test_a_quantity_keeps_what_the_record_needs() -> None:
    record = to_quantity(find_figures("성적이 40% 정도 낮은 것으로")[0])
    assert record.to_json() == {
        "text": "40% 정도 낮은", "amount": "40", "unit": "percent", "comparator": "about", "direction": "below",
    }  # fmt: skip
    assert (record.comparator, record.direction) == (Comparator.ABOUT, Direction.BELOW)


def test_a_bare_number_counts_numbers() -> None:
    assert to_quantity(find_figures("closed at 1,334.20.")[0]).unit == "number"


def test_a_date_is_no_quantity() -> None:
    with pytest.raises(ValueError, match="is a date, not a quantity"):
        to_quantity(find_figures("3월19일")[0])


SPACED = [
    ("1,000\u00a0명", "1,000\u00a0명"), ("10\u2009000개", None), ("１２명이", "１２명"), ("약\u00a0４０％ 정도", "약\u00a0４０％ 정도"),
    ("10\u201312 %", "10\u201312 %"), ("3\u223c4억원", "3\u223c4억원"), ("\u200f5명\u200f이", "5명"), ("\u202b40%\u202c", "40%"), ("￦5,000", "￦5,000"),
    ("첫 줄\r\n40명\r\n", "40명"), ("1\u20442 of", "1\u20442"), ("2\u200b0명", "2\u200b0명"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "printed"), SPACED)
def test_spans_are_those_of_the_text_as_stored(text: str, printed: str | None) -> None:
    if printed is not None:
        assert find_figures(text)[0].text == printed
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.text


ROWS = [row for table in (MONEY, COUNTS, SHARES, MEASURES, TIMES, MIXED) for row in table]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_decomposed_hangul_reads_the_same(row: tuple[str, ...]) -> None:
    text = unicodedata.normalize("NFD", row[0])
    figures = find_figures(text)
    assert [text[figure.start : figure.end] for figure in figures] == [figure.text for figure in figures]
    assert [unicodedata.normalize("NFC", shown(figure)) for figure in figures] == list(row[1:])


def check(text: str) -> list[Figure]:
    """Return the figures after asserting what holds of any text."""
    figures = find_figures(text)
    floor = 0
    for place, figure in enumerate(figures):
        assert floor <= figure.start <= figure.core_start < figure.core_end <= figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert figure.conversion_of is None or figure.conversion_of < place
        if figure.role is Role.QUANTITY:
            to_quantity(figure)
        if figure.role is Role.DATE:
            resolve_date(figure, ARTICLE_ON)
        floor = figure.end
    return figures


PIECES = [
    *"0123456789.,-~%$()/:·'", "억", "만", "천", "십", "조", "수", "여", "한", "두", "세", "이", "명", "개", "원", "달러", "년", "월", "일", "시", "분", "전", "뒤",
    "약 ", "최대 ", "이상", "가까이", "넘는", "낮은", " ", "\n", "\u00a0", "\u200f", "one ", "two ", "half ", "a ", "dozen ", "million ", "of ", "to ", "between ",
    "and ", "or ", "about ", "more than ", "May ", "April ", "2023", "ago", "지난 ", "오는 ", "오전 ", "대 ", "분의 ", "per ", "km", "/h", "m2", "US$", "A", "하루 ", "３", "\u1112\u1161\u11ab",
]  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join)))
def test_any_text_gives_sound_figures(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_normal_forms_agree(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    values = [(figure.amount, figure.low, figure.unit, figure.role) for figure in check(composed)]
    decomposed = check(unicodedata.normalize("NFD", composed))
    assert [(figure.amount, figure.low, figure.unit, figure.role) for figure in decomposed] == values


def in_korean(number: int, *, comma: bool, space: bool) -> str:
    """Print a number as Korean newspapers do: 1조2000억."""
    parts = []
    for scale, word in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        part, number = divmod(number, scale)
        if part:
            parts.append(f"{part:,}{word}" if comma else f"{part}{word}")
    return (" " if space else "").join(parts)


def in_sino(number: int) -> str:
    """Print a number in Sino-Korean words: 삼백만."""
    words = ""
    for great, name in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        group, number = divmod(number, great)
        for small, word in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit, group = divmod(group, small)
            words += ("" if digit == 1 and word else "영일이삼사오육칠팔구"[digit]) + word if digit else ""
        words += name if words and not words.endswith(tuple("조억만")) or (words and group) else ""
    return words


def in_english(number: int) -> str:
    """Print a number below a trillion in English words."""
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
    for scale, word in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = f" {in_english(number % scale)}" if number % scale else ""
            return f"{in_english(number // scale)} {word}{rest}"
    if number >= 20:
        return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")
    return ones[number]


@given(st.integers(1, 10**15), st.booleans(), st.booleans())
def test_a_number_printed_in_korean_reads_back(number: int, comma: bool, space: bool) -> None:  # noqa: FBT001
    figures = check(in_korean(number, comma=comma, space=space) + "명이 있다")
    assert [figure.amount for figure in figures] == [Decimal(number)]


@given(st.integers(11, 9999))
def test_a_number_in_korean_words_reads_back(number: int) -> None:
    assert [figure.amount for figure in check(in_sino(number) + " 명이 있다")] == [Decimal(number)]


@given(st.integers(2, 10**12 - 1))
def test_a_number_in_english_words_reads_back(number: int) -> None:
    assert [figure.amount for figure in check(f"they need {in_english(number)} boxes")] == [Decimal(number)]


@given(st.integers(2, 10**15))
def test_a_number_with_commas_reads_back(number: int) -> None:
    assert [figure.amount for figure in check(f"they need {number:,} boxes")] == [Decimal(number)]


@given(st.decimals(Decimal("0.01"), Decimal(999), places=2), st.sampled_from([("bn", 9), ("m", 6), (" billion", 9), (" trillion", 12)]))
def test_scaled_money_reads_back(head: Decimal, scale: tuple[str, int]) -> None:
    assert [figure.amount for figure in check(f"paid ${head}{scale[0]} for it")] == [head.scaleb(scale[1])]


RUNS = [
    "1,", "9", "억", "십", "수", " - ", "1-", "1만", "1 ", "1~", "한 ", "두 명 ", "$", "(", "“", "'", ".", "one ", "half a ", "오전 ", "1시간 ", "약 ", "more than ",
    "1% ", "3분의 ", "1대 ", "\u200f", "\u1112\u1161\u11ab ", "between 1 and ", "5 per ", "May ", "지난 ",
]  # fmt: skip


def steps(text: str) -> int:
    """Return how many functions reading the text calls: a measure of work that no clock disturbs."""
    count = 0

    def count_calls(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(count_calls)
    try:
        find_figures(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("run", RUNS)
def test_work_grows_with_the_length_alone(run: str) -> None:
    short, long = (steps(run * (size // len(run))) for size in (2_000, 8_000))
    assert long < 5 * short + 200


def test_the_scan_names_a_reader_for_each_way() -> None:
    assert set(SCAN.groupindex) == set(_READERS)
