namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Takes a prompt of the old text completions apart: a system text, then turns that each begin with a mark.</summary>
/// <param name="System">What stands before the first turn; may be empty.</param>
/// <param name="Turns">Who speaks and what, just as it stands behind the mark. The human begins; the assistant's last turn is the answer's beginning, mostly nothing.</param>
internal sealed record HumanTurns(string System, IReadOnlyList<(bool IsHuman, string Text)> Turns)
{
    public const string Human = "\n\nHuman:";
    public const string Assistant = "\n\nAssistant:";

    /// <summary>Null when the prompt does not begin with a turn of the human's, or does not end with one of the assistant's.</summary>
    public static HumanTurns? Read(string prompt)
    {
        var turns = new List<(bool IsHuman, string Text)>();
        var at = Next(prompt, 0, out var isHuman);
        var system = prompt[..at];
        while (at < prompt.Length)
        {
            var start = at + (isHuman ? Human : Assistant).Length;
            at = Next(prompt, start, out var isNextHuman);
            turns.Add((isHuman, prompt[start..at]));
            isHuman = isNextHuman;
        }

        return turns.Count > 0 && turns[0].IsHuman && !turns[^1].IsHuman ? new HumanTurns(system, turns) : null;
    }

    /// <summary>Where the next mark begins; the end when there is none.</summary>
    private static int Next(string prompt, int from, out bool isHuman)
    {
        var human = prompt.IndexOf(Human, from, StringComparison.Ordinal);
        var assistant = prompt.IndexOf(Assistant, from, StringComparison.Ordinal);
        isHuman = human >= 0 && (assistant < 0 || human < assistant);
        return isHuman ? human : assistant >= 0 ? assistant : prompt.Length;
    }
}
