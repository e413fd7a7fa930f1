"""Writes pinyin.tsv and words.txt anew.

usage: make_readings.py Unihan_Readings.txt american-english-small british-english-small
The first file is part of the Unicode Character Database; the others are SCOWL word lists as Debian packs them (wamerican-small, wbritish-small).
"""
import glob
import json
import sys

RARE = 0.05
MOST_READINGS = 3
MOST_LETTERS = 16
HAN = range(0x3400, 0xA000)

SCOWL = """# English words, lower case, 2 to 16 letters: SCOWL word lists, the small American and British ones.
# Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output created from the
# scripts, and its documentation for any purpose is hereby granted without fee, provided that the above copyright notice appears in all copies and that both that
# copyright notice and this permission notice appear in supporting documentation. Kevin Atkinson makes no representations about the suitability of this array for
# any purpose. It is provided "as is" without express or implied warranty."""


def characters():
    """The 3,755 everyday characters of GB 2312 and whatever the terms and words are written with."""
    chars = {bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)}
    for name in glob.glob("../../Rules/Data/*.json"):
        file = json.load(open(name, encoding="utf-8"))
        for terms in [*file.get("terms", {}).values(), *file.get("words", {}).values()]:
            chars.update(c for term in terms for c in term if ord(c) in HAN)
    return sorted(c for c in chars if c)


def readings(path):
    """By character: how often it is read how, and how it is read first of all."""
    counted, first = {}, {}
    for line in open(path, encoding="utf-8"):
        cells = line.rstrip("\n").split("\t")
        if len(cells) < 3:
            continue
        char = chr(int(cells[0][2:], 16))
        if cells[1] == "kMandarin":
            first[char] = cells[2].split()[0]
        elif cells[1] == "kHanyuPinlu":
            counted[char] = [(part.split("(")[0], int(part.split("(")[1].rstrip(")"))) for part in cells[2].split()]
    return counted, first


def write_pinyin(path):
    counted, first = readings(path)
    lines = [
        "# Readings of Chinese characters, the usual one first. Derived from kMandarin and kHanyuPinlu of the Unicode Han Database (Unicode License v3).",
        "# <character> TAB <readings, one space apart>",
    ]
    for char in characters():
        total = sum(n for _, n in counted.get(char, []))
        often = [reading for reading, n in counted.get(char, []) if n >= RARE * total]
        order = list(dict.fromkeys(often + [first[char]] if char in first else often))
        if order:
            lines.append(f"{char}\t{' '.join(order[:MOST_READINGS])}")
    open("pinyin.tsv", "w", encoding="utf-8", newline="\n").write("\n".join(lines) + "\n")


def write_words(paths):
    words = set()
    for path in paths:
        for line in open(path, encoding="utf-8"):
            word = line.strip()
            if not (word.isascii() and word.isalpha() and 2 <= len(word) <= MOST_LETTERS):
                continue
            # Names and abbreviations of few letters are syllables of pinyin more often than words.
            if len(word) > 3 and not word.isupper() or word.islower():
                words.add(word.lower())
    open("words.txt", "w", encoding="utf-8", newline="\n").write(SCOWL + "\n" + "\n".join(sorted(words)) + "\n")


write_pinyin(sys.argv[1])
write_words(sys.argv[2:])
