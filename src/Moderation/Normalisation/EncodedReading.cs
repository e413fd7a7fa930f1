using System.Buffers;
using System.Text.Unicode;

namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// Rewrites a text with its percent-encoded, base64 and hexadecimal parts and its escaped characters decoded, one level deep. Only what turns into readable
/// text is replaced, so the reading is never longer than the text.
/// </summary>
internal sealed class EncodedReading
{
    private const int ShortestBase64 = 16;
    private const int ShortestHex = 12;
    private const int LongestBlock = 8192;

    private readonly byte[] _bytes = new byte[LongestBlock];
    private readonly char[] _decoded = new char[LongestBlock];
    private char[] _chars = [];
    private int[] _origins = [];
    private int _length;

    /// <summary>Characters looked at so far, each as often as it was looked at.</summary>
    public long Work { get; private set; }

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, _length);

    /// <summary>Where each character comes from in the text; within a decoded part the place is proportional.</summary>
    public ReadOnlySpan<int> Origins => _origins.AsSpan(0, _length);

    /// <summary>Makes the reading and says whether it differs from the text.</summary>
    public bool Read(ReadOnlySpan<char> text)
    {
        _length = 0;
        var copied = 0;
        for (var i = 0; i < text.Length;)
        {
            var (taken, readable) = Decode(text, i);
            Work += taken;
            if (readable > 0)
            {
                if (_length == 0) Rent(text.Length);
                Copy(text, copied, i);
                for (var c = 0; c < readable; c++) Append(_decoded[c], i + (int)((long)c * taken / readable));
                copied = i + taken;
            }

            i += taken;
        }

        if (copied == 0) return false;
        Copy(text, copied, text.Length);
        return true;
    }

    /// <summary>Gives the buffers back, wiped.</summary>
    public void Release()
    {
        if (_chars.Length > 0) ArrayPool<char>.Shared.Return(_chars, clearArray: true);
        if (_origins.Length > 0) ArrayPool<int>.Shared.Return(_origins);
        (_chars, _origins, _length) = ([], [], 0);
    }

    /// <summary>How many characters of the text were looked at, and how many readable ones they turn into (now in the buffer); 0 for none.</summary>
    private (int Taken, int Readable) Decode(ReadOnlySpan<char> text, int i)
    {
        var (escaped, meant) = Escapes.Read(text, i, _decoded);
        if (meant > 0) return (escaped, meant);
        if (text[i] == '%')
        {
            var (end, bytes) = PercentRun(text, i);
            return bytes == 0 ? (1, 0) : (end - i, Readable(bytes, fewest: 1));
        }

        if (!char.IsAsciiLetterOrDigit(text[i])) return (1, 0);
        var (pairs, pairBytes) = PairRun(text, i);
        if (pairs > 0) return (pairs, Readable(pairBytes, fewest: 4));

        var block = text[i..EndOfBlock(text, i)];
        if (block.Length < ShortestHex) return (block.Length, 0);
        if (block.ContainsAnyExcept(HexDigits)) return (block.Length, block.Length < ShortestBase64 ? 0 : Readable(FromBase64(block), fewest: 8));
        return (block.Length, Readable(FromHex(block), fewest: 4));
    }

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private (int End, int Bytes) PercentRun(ReadOnlySpan<char> text, int i)
    {
        var bytes = 0;
        while (i + 2 < text.Length && bytes < LongestBlock && text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
        {
            _bytes[bytes++] = HexByte(text[i + 1], text[i + 2]);
            i += 3;
        }

        return (i, bytes);
    }

    // Hexadecimal bytes with one space between them.
    private (int Taken, int Bytes) PairRun(ReadOnlySpan<char> text, int start)
    {
        var bytes = 0;
        var i = start;
        while (i + 1 < text.Length && bytes < LongestBlock && char.IsAsciiHexDigit(text[i]) && char.IsAsciiHexDigit(text[i + 1])
            && (i + 2 == text.Length || !char.IsAsciiLetterOrDigit(text[i + 2])))
        {
            _bytes[bytes++] = HexByte(text[i], text[i + 1]);
            i += 2;
            if (i + 1 >= text.Length || text[i] != ' ') break;
            i++;
        }

        Work += i - start;
        if (bytes < 4) return (0, 0);
        return (text[i - 1] == ' ' ? i - 1 - start : i - start, bytes);
    }

    // A longer token is taken block by block: whoever looked for its end at each block would take quadratic time.
    private int EndOfBlock(ReadOnlySpan<char> text, int start)
    {
        var (i, most) = (start, Math.Min(text.Length, start + LongestBlock));
        while (i < most && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '+' or '/' or '-' or '_')) i++;
        while (i < most && text[i] == '=') i++;
        Work += i - start;
        return i;
    }

    private int FromHex(ReadOnlySpan<char> block)
    {
        for (var i = 0; i + 1 < block.Length; i += 2) _bytes[i / 2] = HexByte(block[i], block[i + 1]);
        return block.Length / 2;
    }

    private int FromBase64(ReadOnlySpan<char> block)
    {
        var (bits, held, bytes) = (0, 0, 0);
        foreach (var c in block.TrimEnd('='))
        {
            var sextet = c switch
            {
                >= 'A' and <= 'Z' => c - 'A',
                >= 'a' and <= 'z' => c - 'a' + 26,
                >= '0' and <= '9' => c - '0' + 52,
                '+' or '-' => 62,
                _ => 63,
            };
            bits = ((bits << 6) | sextet) & 0xFFFFFF;
            held += 6;
            if (held < 8) continue;
            held -= 8;
            _bytes[bytes++] = (byte)(bits >> held);
        }

        return bytes;
    }

    private int Readable(int bytes, int fewest)
    {
        if (bytes < fewest) return 0;
        var status = Utf8.ToUtf16(_bytes.AsSpan(0, bytes), _decoded, out _, out var written, replaceInvalidSequences: false);
        if (status == OperationStatus.InvalidData) return 0;
        for (var c = 0; c < written; c++)
        {
            // A null between letters is UTF-16 and vanishes when folded.
            if (char.IsControl(_decoded[c]) && _decoded[c] is not ('\n' or '\r' or '\t' or '\0')) return 0;
        }

        return written;
    }

    private static byte HexByte(char high, char low) => (byte)((HexDigit(high) << 4) | HexDigit(low));

    private static int HexDigit(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    private void Copy(ReadOnlySpan<char> text, int start, int end)
    {
        for (var i = start; i < end; i++) Append(text[i], i);
    }

    private void Append(char c, int origin)
    {
        _chars[_length] = c;
        _origins[_length++] = origin;
    }

    private void Rent(int length)
    {
        if (_chars.Length >= length) return;
        Release();
        _chars = ArrayPool<char>.Shared.Rent(length);
        _origins = ArrayPool<int>.Shared.Rent(length);
    }
}
