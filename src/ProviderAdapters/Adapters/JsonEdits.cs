namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>A few bytes of a JSON text to be replaced; the rest stays byte for byte.</summary>
internal sealed class JsonEdits
{
    private readonly List<(int Start, int End, ReadOnlyMemory<byte> Replacement)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Of several at one place, the one that was added first stands first.</summary>
    public void Add(int start, int end, ReadOnlyMemory<byte> replacement)
    {
        var place = _edits.Count;
        while (place > 0 && _edits[place - 1].Start > start) place--;
        _edits.Insert(place, (start, end, replacement));
    }

    public byte[] Apply(ReadOnlySpan<byte> json)
    {
        var length = (long)json.Length;
        foreach (var (start, end, replacement) in _edits) length += replacement.Length - (end - start);
        var output = new byte[length];
        var (position, written) = (0, 0);
        foreach (var (start, end, replacement) in _edits)
        {
            json[position..start].CopyTo(output.AsSpan(written));
            written += start - position;
            replacement.Span.CopyTo(output.AsSpan(written));
            written += replacement.Length;
            position = end;
        }

        json[position..].CopyTo(output.AsSpan(written));
        return output;
    }
}
