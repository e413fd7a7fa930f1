namespace Aigc2d.Moderation.Normalisation;

/// <summary>Everyday English words: a word that is one of them is not misspelt, and not pinyin.</summary>
internal static class CommonWords
{
    /// <summary>In order.</summary>
    public static readonly string[] All = FoldData.Words();

    private static readonly WordTable Table = new([.. All.Select(word => (WordTable.HashOf(word), 0))]);

    public static bool Contains(ulong hash) => Table.Contains(hash);

    public static bool Contains(ReadOnlySpan<char> word) => Table.Contains(WordTable.HashOf(word));

    public static IEnumerable<string> StartingWith(string stem)
    {
        var first = Array.BinarySearch(All, stem, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < All.Length && All[i].StartsWith(stem, StringComparison.Ordinal); i++) yield return All[i];
    }
}
