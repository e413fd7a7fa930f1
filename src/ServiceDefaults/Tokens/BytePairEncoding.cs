using System.Buffers;
using System.Text;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// Counts tokens exactly as the providers' byte-pair encodings do. Text that spells a special token is ordinary text; half of a surrogate pair
/// counts as the replacement character that it becomes on the wire. The tables are read on first use, or before it by <see cref="Load"/>.
/// </summary>
public sealed class BytePairEncoding
{
    /// <summary>Longer pieces without a place to split them are counted in slices of this size; that is a token or two off per slice.</summary>
    public const int LargestPieceBytes = 1024 * 1024;

    /// <summary>gpt-4o and later.</summary>
    public static readonly BytePairEncoding O200k = new("o200k_base", SplitRule.O200k);

    /// <summary>gpt-3.5-turbo, gpt-4 and their embeddings.</summary>
    public static readonly BytePairEncoding Cl100k = new("cl100k_base", SplitRule.Cl100k);

    private const int StackBytes = 384;
    private readonly Lazy<BytePairTable> _table;

    private BytePairEncoding(string name, SplitRule rule)
    {
        Name = name;
        Rule = rule;
        _table = new Lazy<BytePairTable>(() => BytePairTable.Load(name));
    }

    public string Name { get; }

    public SplitRule Rule { get; }

    /// <summary>Reads the table if that was not done yet, and answers the memory it takes, bytes.</summary>
    public long Load() => _table.Value.Size;

    public int Count(ReadOnlySpan<char> text)
    {
        var table = _table.Value;
        var count = 0;
        var pieces = new TextPieces(text, Rule);
        while (pieces.MoveNext()) count += CountPiece(pieces.Current, table);
        return count;
    }

    /// <summary>Counts the beginning of a text that goes on: the pieces that nothing behind them can change. What is left begins at <paramref name="taken"/>.</summary>
    public int CountSettled(ReadOnlySpan<char> text, out int taken)
    {
        var table = _table.Value;
        var count = 0;
        var pieces = new TextPieces(text, Rule);
        taken = 0;
        while (pieces.MoveNext() && !pieces.IsOpen)
        {
            count += CountPiece(pieces.Current, table);
            taken = pieces.Start + pieces.Current.Length;
        }

        return count;
    }

    /// <summary>
    /// The text of token ids; null when one of them is not the id of a text, as those of special tokens are not. Bytes that are no UTF-8 become
    /// replacement characters. A token has up to 128 bytes, so whoever takes ids from outside limits their number.
    /// </summary>
    public string? Decode(ReadOnlySpan<int> ids)
    {
        var table = _table.Value;
        long length = 0;
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)table.Count) return null;
            length += table.TokenOf(id).Length;
        }

        if (length > Array.MaxLength) return null;
        var rented = ArrayPool<byte>.Shared.Rent((int)length);
        var bytes = rented.AsSpan(0, (int)length);
        var rest = bytes;
        foreach (var id in ids)
        {
            var token = table.TokenOf(id);
            token.CopyTo(rest);
            rest = rest[token.Length..];
        }

        var text = Encoding.UTF8.GetString(bytes);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    private static int CountPiece(ReadOnlySpan<char> piece, BytePairTable table)
    {
        if (piece.Length * 3 <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return BytePairMerge.Count(bytes[..Encoding.UTF8.GetBytes(piece, bytes)], table);
        }

        var count = 0;
        while (!piece.IsEmpty)
        {
            var slice = piece[..SliceOf(piece)];
            var rented = ArrayPool<byte>.Shared.Rent(slice.Length * 3);
            count += BytePairMerge.Count(rented.AsSpan(0, Encoding.UTF8.GetBytes(slice, rented)), table);
            ArrayPool<byte>.Shared.Return(rented);
            piece = piece[slice.Length..];
        }

        return count;
    }

    private static int SliceOf(ReadOnlySpan<char> piece)
    {
        if (piece.Length <= LargestPieceBytes) return piece.Length;
        return char.IsHighSurrogate(piece[LargestPieceBytes - 1]) ? LargestPieceBytes - 1 : LargestPieceBytes;
    }
}
