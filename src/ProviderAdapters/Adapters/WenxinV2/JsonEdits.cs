using System.Buffers;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>A few bytes of a JSON text to be replaced, from its beginning to its end; the rest stays byte for byte.</summary>
internal sealed class JsonEdits
{
    private readonly List<(int Start, int End, byte[] Replacement)> _edits = [];

    public void Add(int start, int end, byte[] replacement) => _edits.Add((start, end, replacement));

    public byte[] Apply(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        var position = 0;
        foreach (var (start, end, replacement) in _edits)
        {
            output.Write(json[position..start]);
            output.Write(replacement);
            position = end;
        }

        output.Write(json[position..]);
        return output.WrittenSpan.ToArray();
    }
}
