namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>The rule by which an encoding splits a text before it merges bytes.</summary>
public enum SplitRule
{
    /// <summary>Words whatever their case, contractions apart.</summary>
    Cl100k,

    /// <summary>Words by case, contractions with their word.</summary>
    O200k,
}

/// <summary>
/// Splits a text into the pieces within which an encoding merges. Does by hand, in one pass and over whole characters instead of halves of
/// surrogate pairs, what the encoding's regular expression says; the comments quote its alternatives.
/// </summary>
public ref struct TextPieces(ReadOnlySpan<char> text, SplitRule rule)
{
    private const CharacterClass Word = CharacterClass.Letter | CharacterClass.Number;
    private readonly ReadOnlySpan<char> _text = text;
    private int _start;
    private int _end;

    /// <summary>The piece that <see cref="MoveNext"/> has found.</summary>
    public readonly ReadOnlySpan<char> Current => _text[_start.._end];

    /// <summary>Where the current piece begins.</summary>
    public readonly int Start => _start;

    /// <summary>Whether more text at the end could make the current piece another one.</summary>
    public bool IsOpen { get; private set; }

    public bool MoveNext()
    {
        _start = _end;
        if (_start >= _text.Length) return false;

        IsOpen = false;
        _end = rule == SplitRule.O200k ? FindO200k() : FindCl100k();
        return true;
    }

    private int FindO200k()
    {
        var first = ClassAt(_start, out var length);
        var word = CasedWord(first, length);
        return word > 0 ? word : NoWord(first, length, isSlashTaken: true);
    }

    private int FindCl100k()
    {
        if (Contraction(_start) is var contraction && contraction > _start) return contraction;

        // [^\r\n\p{L}\p{N}]?\p{L}+
        var first = ClassAt(_start, out var length);
        var letters = (first & (Word | CharacterClass.NewLine)) == 0 ? _start + length : _start;
        var end = Run(letters, CharacterClass.Letter);
        return end > letters ? end : NoWord(first, length, isSlashTaken: false);
    }

    /// <summary>
    /// <c>[^\r\n\p{L}\p{N}]?U*L+(contraction)?|[^\r\n\p{L}\p{N}]?U+L*(contraction)?</c>, U and L being the upper and lower classes, which share the
    /// letters without case and the marks. What the expression finds by going back is found here by remembering the last shared character.
    /// </summary>
    private int CasedWord(CharacterClass first, int firstLength)
    {
        var letters = (first & (Word | CharacterClass.NewLine)) == 0 ? _start + firstLength : _start;
        var (at, afterShared) = (letters, 0);
        while (ClassAt(at, out var length) is var found && (found & CharacterClass.Upper) != 0)
        {
            at += length;
            if ((found & CharacterClass.Lower) != 0) afterShared = at;
        }

        if ((ClassAt(at, out _) & CharacterClass.Lower) != 0) return WithContraction(Run(at, CharacterClass.Lower));
        if (afterShared > 0) return WithContraction(afterShared);
        if (letters > _start && (first & CharacterClass.Lower) != 0) return WithContraction(letters);
        return at > letters ? WithContraction(at) : 0;
    }

    /// <summary><c>\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c></summary>
    private int NoWord(CharacterClass first, int firstLength, bool isSlashTaken)
    {
        if ((first & CharacterClass.Number) != 0)
        {
            var at = _start;
            for (var digits = 0; digits < 3 && (ClassAt(at, out var length) & CharacterClass.Number) != 0; digits++) at += length;
            return at;
        }

        var symbols = _text[_start] == ' ' ? _start + 1 : _start;
        var end = RunOfSymbols(symbols);
        if (end == symbols) return Spaces();

        while (end < _text.Length && (_text[end] is '\r' or '\n' || (isSlashTaken && _text[end] == '/'))) end++;
        if (end == _text.Length) IsOpen = true;
        return end;
    }

    private int Spaces()
    {
        var (end, afterNewLine) = (_start, 0);
        for (; end < _text.Length && CharacterClasses.Of(_text[end]) is var found && (found & CharacterClass.Space) != 0; end++)
        {
            if ((found & CharacterClass.NewLine) != 0) afterNewLine = end + 1;
        }

        if (end == _text.Length) IsOpen = true;
        if (afterNewLine > 0) return afterNewLine;
        return end == _text.Length || end == _start + 1 ? end : end - 1;
    }

    private int Run(int at, CharacterClass wanted)
    {
        while ((ClassAt(at, out var length) & wanted) != 0) at += length;
        return at;
    }

    private int RunOfSymbols(int at)
    {
        while (at < _text.Length && (ClassAt(at, out var length) & (Word | CharacterClass.Space)) == 0) at += length;
        if (at == _text.Length) IsOpen = true;
        return at;
    }

    private int WithContraction(int at) => Contraction(at) is var end && end > at ? end : at;

    /// <summary>An apostrophe with s, t, m, d, re, ve or ll in any case; where there is none, the place itself.</summary>
    private int Contraction(int at)
    {
        if (at + 2 >= _text.Length) IsOpen = true;
        if (at + 1 >= _text.Length || _text[at] != '\'') return at;

        var second = at + 2 < _text.Length ? _text[at + 2] | 0x20 : 0;
        return (_text[at + 1] | 0x20, second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => IsAsciiLetter(at + 1) ? at + 2 : at,
            ('r' or 'v', 'e') or ('l', 'l') => IsAsciiLetter(at + 1) && IsAsciiLetter(at + 2) ? at + 3 : at,
            _ => at,
        };
    }

    // Without it a control character, 0x20 below a letter, would pass for one.
    private readonly bool IsAsciiLetter(int at) => char.IsAsciiLetter(_text[at]);

    /// <summary>None at the end of the text, where the rest of a piece, or of a surrogate pair, may still be to come.</summary>
    private CharacterClass ClassAt(int at, out int length)
    {
        length = 0;
        if (at + 1 >= _text.Length) IsOpen = true;
        return at < _text.Length ? CharacterClasses.At(_text, at, out length) : CharacterClass.None;
    }
}
