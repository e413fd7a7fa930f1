namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// Reads a text as a person would: folds it character by character into pieces of bounded size. Folding what was folded changes nothing; the result is never
/// longer than twice the text; no input makes it fail.
/// </summary>
internal ref struct TextFold(ReadOnlySpan<char> text)
{
    // Longer runs between words say nothing more, and padding must not push the parts of a sentence out of each other's reach.
    public const int LongestSeparator = 8;

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;
    private long _written;
    private int _separators;

    public readonly bool AtEnd => _position >= _text.Length;

    /// <summary>Where the next character comes from: the end of what has been folded.</summary>
    public readonly int Position => _position;

    /// <summary>Folds on until the text ends or the output is full.</summary>
    public void Fill(MappedText output)
    {
        var table = FoldTable.Instance;
        while (_position < _text.Length && output.Room >= 2)
        {
            var unit = _text[_position];
            if (char.IsSurrogate(unit))
            {
                if (!Pair(output)) return;
                continue;
            }

            var folded = table.Of(unit);
            if (folded == FoldTable.Expands)
            {
                var form = table.Several(unit);
                if (output.Room < form.Length) return;
                Expand(form, 1, output);
            }
            else if (folded != FoldTable.Removed) Write(folded, output);

            _position++;
        }
    }

    /// <summary>Folds a whole text. For terms and tests; screening works on pieces.</summary>
    public static string Whole(ReadOnlySpan<char> text)
    {
        var piece = new MappedText(1024);
        var whole = new System.Text.StringBuilder();
        var fold = new TextFold(text);
        do
        {
            fold.Fill(piece);
            whole.Append(piece.Chars);
            piece.Clear();
        }
        while (!fold.AtEnd);
        return whole.ToString();
    }

    private bool Pair(MappedText output)
    {
        var high = _text[_position];
        if (_position + 1 >= _text.Length || !char.IsSurrogatePair(high, _text[_position + 1]))
        {
            Write(FoldTable.Instance.Of(high), output);
            _position++;
            return true;
        }

        var codePoint = char.ConvertToUtf32(high, _text[_position + 1]);
        var form = RegionalIndicator.IsOne(codePoint) ? RegionalIndicator.Read(_text, _position) : FoldTable.Instance.Supplementary(codePoint);
        if (form is null) WritePair(output);
        else if (output.Room < form.Length) return false;
        else Expand(form, 2, output);

        _position += 2;
        return true;
    }

    private void Expand(string form, int units, MappedText output)
    {
        var allowed = 2L * (_position + units) - _written;
        foreach (var c in form)
            if (allowed-- > 0) Write(c, output);
    }

    private void Write(char c, MappedText output)
    {
        _separators = Letters.IsWord(c) ? 0 : _separators + 1;
        if (_separators > LongestSeparator) return;
        output.Append(c, _position);
        _written++;
    }

    private void WritePair(MappedText output)
    {
        if (++_separators > LongestSeparator) return;
        output.Append(_text[_position], _position);
        output.Append(_text[_position + 1], _position);
        _written += 2;
    }
}
