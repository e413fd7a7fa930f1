namespace Aigc2d.Sandbox.Replies;

/// <summary>What a piece of an answer belongs to.</summary>
public enum PieceKind
{
    Thinking,
    Text,
    Arguments,
}

/// <summary>One piece of a stream.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Text">What it adds.</param>
/// <param name="Call">The tool call that it belongs to.</param>
/// <param name="IsFirst">Whether its part (the thinking, the text, the call) begins with it.</param>
/// <param name="IsLast">Whether its part ends with it.</param>
/// <param name="Number">Its number in the whole answer, from 0.</param>
public sealed record Piece(PieceKind Kind, string Text, int Call, bool IsFirst, bool IsLast, int Number)
{
    /// <summary>A text cut into so many nearly equal pieces, or word by word.</summary>
    public static string[] Cut(string text, int? chunks)
    {
        if (text.Length == 0) return [];
        var starts = new List<int>();
        if (chunks is { } count)
        {
            var pieces = Math.Min(count, text.Length);
            for (var i = 0; i < pieces; i++) starts.Add((int)((long)i * text.Length / pieces));
        }
        else
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (i == 0 || text[i] == ' ') starts.Add(i);
            }
        }

        // A piece must not begin with the second half of a surrogate pair.
        starts.RemoveAll(i => char.IsLowSurrogate(text[i]));
        return [.. starts.Select((start, i) => text[start..(i + 1 < starts.Count ? starts[i + 1] : text.Length)])];
    }

    /// <summary>The pieces of a whole answer in the order in which they are sent.</summary>
    public static Piece[] Order(string[] thinking, string[] text, string[][] calls)
    {
        var pieces = new List<Piece>(thinking.Length + text.Length + calls.Sum(call => call.Length));
        Add(PieceKind.Thinking, thinking, 0);
        Add(PieceKind.Text, text, 0);
        for (var call = 0; call < calls.Length; call++) Add(PieceKind.Arguments, calls[call], call);
        return [.. pieces];

        void Add(PieceKind kind, string[] part, int call)
        {
            for (var i = 0; i < part.Length; i++) pieces.Add(new Piece(kind, part[i], call, i == 0, i == part.Length - 1, pieces.Count));
        }
    }
}
