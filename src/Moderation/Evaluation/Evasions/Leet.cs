namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>Digits and signs for letters: some of them, most of them, or every one that has a digit of its shape.</summary>
internal sealed class Leet : IEvasion
{
    private static readonly Dictionary<char, string> Usual = new() { ['a'] = "4@", ['e'] = "3", ['i'] = "1!", ['o'] = "0", ['s'] = "5$" };
    private static readonly Dictionary<char, string> Full = new(Usual) { ['t'] = "7", ['b'] = "8", ['g'] = "9", ['l'] = "1|", ['z'] = "2" };

    public string Family => "leet";

    public string Disguise(string text, Random random)
    {
        var (letters, share) = random.Next(4) switch
        {
            0 => (Usual, 0.5),
            1 => (Usual, 1.0),
            2 => (Full, 0.5),
            _ => (Full, 1.0),
        };
        return UnicodeAndSpacing.Each(text, c =>
            letters.TryGetValue(char.ToLowerInvariant(c), out var signs) && random.NextDouble() < share ? signs[random.Next(signs.Length)].ToString() : c.ToString());
    }
}
