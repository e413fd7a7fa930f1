using System.Text;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// Counts the tokens of any amount of text in bounded time: up to <see cref="ExactBytes"/> all of it, beyond that windows spread evenly over the
/// whole, as many tokens per byte as they have.
/// </summary>
/// <remarks>
/// Each window begins at random within its own share of the bytes, and anew for each count: the estimate shows in limits and errors, so that a
/// place drawn once could be found out and avoided. Places are drawn by bytes and not by characters because no text has more tokens than bytes:
/// whatever is dense enough to cost much is large enough to be met. Thin text around it makes the estimate coarser, but costs more than it hides.
/// </remarks>
public static class SampledTokens
{
    /// <summary>What is counted in full, UTF-8 bytes; also what the windows of a longer text have together.</summary>
    public const int ExactBytes = Windows * WindowBytes;

    private const int Windows = 256;
    private const int WindowBytes = 256;

    /// <summary>The tokens of all texts, each counted by itself.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="counter">The counter of the model that reads them.</param>
    /// <param name="random">Where the windows begin.</param>
    public static long Count(IReadOnlyList<string> texts, TokenCounter counter, Random random)
    {
        long bytes = 0;
        for (var i = 0; i < texts.Count; i++) bytes += Encoding.UTF8.GetByteCount(texts[i]);
        if (bytes > ExactBytes) return Sample(texts, bytes, counter, random);

        long tokens = 0;
        for (var i = 0; i < texts.Count; i++) tokens += counter.Count(texts[i]);
        return tokens;
    }

    private static long Sample(IReadOnlyList<string> texts, long bytes, TokenCounter counter, Random random)
    {
        long tokens = 0;
        var share = (double)(bytes - WindowBytes) / Windows;
        var place = new TextPlace(texts);
        for (var i = 0; i < Windows; i++)
        {
            var begin = (long)(share * (i + random.NextDouble()));
            place.MoveTo(begin);
            tokens += CountWindow(place, begin + WindowBytes, counter);
        }

        return (long)Math.Ceiling((double)tokens * bytes / ExactBytes);
    }

    /// <summary>Pieces belong to the window in which they begin, so that windows side by side have the tokens of the whole text.</summary>
    private static long CountWindow(TextPlace place, long end, TokenCounter counter)
    {
        long tokens = 0;
        while (true)
        {
            var (text, start) = (place.Text, place.AlignedAt(counter.Rule));
            var endsHere = place.MoveInText(end);
            var rest = text.AsSpan(start, Math.Max(0, place.AlignedAt(counter.Rule) - start));
            tokens += counter.Count(rest);
            if (endsHere || !place.MoveToNextText()) return tokens;
        }
    }
}
