using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>The few bytes of a client's request that differ upstream, the model's name first of all; everything else goes out as it came in, byte for byte.</summary>
internal sealed class RequestEdits
{
    private readonly List<RequestEdit> _edits = [];

    public void Add(RequestEdit edit)
    {
        var place = _edits.Count;
        while (place > 0 && _edits[place - 1].Start > edit.Start) place--;
        _edits.Insert(place, edit);
    }

    /// <summary>The request as the upstream gets it, in pieces that are written one after the other.</summary>
    public List<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> body, string upstreamModel)
    {
        var model = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(upstreamModel));
        var pieces = new List<ReadOnlyMemory<byte>>(_edits.Count * 2 + 1);
        var position = 0;
        foreach (var edit in _edits)
        {
            pieces.Add(body[position..edit.Start]);
            pieces.Add(edit.Replacement ?? model);
            position = edit.End;
        }

        pieces.Add(body[position..]);
        return pieces;
    }

    /// <summary>Where a member may be put before all others.</summary>
    public static int PositionAfterBrace(ReadOnlySpan<byte> body) => body.IndexOf((byte)'{') + 1;
}

/// <summary>Bytes to replace; no replacement stands for the upstream's model name, which differs by channel.</summary>
internal readonly record struct RequestEdit(int Start, int End, byte[]? Replacement)
{
    public static RequestEdit Replace(in Utf8JsonReader reader, byte[]? replacement) => new((int)reader.TokenStartIndex, (int)reader.BytesConsumed, replacement);

    public static RequestEdit Insert(int position, byte[] inserted) => new(position, position, inserted);
}
