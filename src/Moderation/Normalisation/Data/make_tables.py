"""Writes compatibility.tsv and simplified.tsv anew. Needs Python 3 and ICU's uconv; run it only to move to a newer Unicode version.

Globalization is invariant in every service, so .NET's own string.Normalize leaves non-ASCII text as it is: the tables replace it.
"""
import subprocess
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)


def compatibility(code_point):
    """The NFKD form without its combining marks, or None when nothing changes."""
    char = chr(code_point)
    text = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) not in ("Mn", "Me"))
    return text if text and text != char else None


def write_compatibility():
    forms = {c: compatibility(c) for c in range(0x80, 0x30000) if c not in HANGUL and c not in SURROGATES}
    forms = {c: text for c, text in forms.items() if text}
    lines = [
        f"# Unicode {unicodedata.unidata_version} compatibility decompositions without combining marks. Derived from the Unicode Character Database (Unicode License v3).",
        "# <code point> TAB <one character for each consecutive code point>  or  <code point> TAB = TAB <several characters>",
    ]
    done = set()
    for start in sorted(forms):
        if start in done:
            continue
        if len(forms[start]) > 1:
            lines.append(f"{start:X}\t=\t{forms[start]}")
            continue
        run = ""
        code_point = start
        while len(forms.get(code_point) or "") == 1 and not forms[code_point].isspace() and len(run) < 64:
            run += forms[code_point]
            done.add(code_point)
            code_point += 1
        if run:
            lines.append(f"{start:X}\t{run}")
    open("compatibility.tsv", "w", encoding="utf-8", newline="\n").write("\n".join(lines) + "\n")


def write_simplified():
    han = [chr(c) for block in (range(0x3400, 0x4DC0), range(0x4E00, 0xA000)) for c in block]
    answer = subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Traditional-Simplified"],
                            input="\n".join(han).encode(), capture_output=True, check=True).stdout.decode().split("\n")
    simplified_of = dict(zip(han, answer))
    by_simplified = {}
    for traditional, simplified in simplified_of.items():
        # Two characters that fold to each other would never come to rest: only one direction is kept.
        circular = simplified_of.get(simplified) == traditional and simplified > traditional
        if traditional != simplified and not circular:
            by_simplified.setdefault(simplified, []).append(traditional)
    lines = [
        "# Simplified characters and the traditional ones that fold to them. Derived from Unicode CLDR's transliteration (Unicode License v3).",
        "# <simplified> TAB <traditional characters>",
    ]
    lines += [f"{simplified}\t{''.join(by_simplified[simplified])}" for simplified in sorted(by_simplified)]
    open("simplified.tsv", "w", encoding="utf-8", newline="\n").write("\n".join(lines) + "\n")


write_compatibility()
write_simplified()
