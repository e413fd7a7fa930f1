namespace Aigc2d.Moderation.Normalisation;

/// <summary>How Chinese characters are read aloud: their readings in pinyin with tone marks, the usual one first.</summary>
internal sealed class PinyinTable
{
    public static readonly PinyinTable Instance = new();

    private readonly Dictionary<char, string[]> _readings;

    private PinyinTable() => _readings = FoldData.Readings();

    public IEnumerable<string> All => _readings.Values.SelectMany(readings => readings);

    /// <summary>Empty for a character that the table does not know.</summary>
    public IReadOnlyList<string> ReadingsOf(char han) => _readings.TryGetValue(han, out var readings) ? readings : [];

    /// <summary>The usual reading of every character, one character at a time.</summary>
    public IEnumerable<(char Han, string Usual)> Usual => _readings.Select(reading => (reading.Key, reading.Value[0]));
}
