using System.Text;

namespace Aigc2d.Moderation.Corpus;

/// <summary>
/// A text with choices: <c>{slot}</c> takes one of the slot's values, <c>[a|b|]</c> one of the alternatives, in which slots may stand. A plain stretch is a
/// choice of one.
/// </summary>
internal sealed class Template
{
    private readonly List<Choice> _choices = [];

    /// <exception cref="FormatException">Brackets do not fit, or a slot is unknown.</exception>
    public Template(string text, IReadOnlyDictionary<string, string[]> slots)
    {
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '[')
            {
                var end = End(text, i, ']');
                _choices.Add(new Choice([], [.. text[(i + 1)..end].Split('|').Select(alternative => Inner(alternative, slots))]));
                i = end + 1;
                continue;
            }

            var next = text.IndexOf('[', i);
            var plain = text[i..(next < 0 ? text.Length : next)];
            if (plain.Contains(']', StringComparison.Ordinal)) throw new FormatException("A ] closes nothing.");
            AddPlain(plain, slots);
            i += plain.Length;
        }
    }

    /// <summary>One of the values, or one of the alternatives.</summary>
    private readonly record struct Choice(string[] Values, Template[] Alternatives);

    public string Draw(Dice dice)
    {
        var text = new StringBuilder();
        Draw(dice, text);
        return Tidy(text);
    }

    private void Draw(Dice dice, StringBuilder text)
    {
        foreach (var (values, alternatives) in _choices)
        {
            if (alternatives.Length > 0) alternatives[dice.Below(alternatives.Length)].Draw(dice, text);
            else text.Append(values[dice.Below(values.Length)]);
        }
    }

    private void AddPlain(string text, IReadOnlyDictionary<string, string[]> slots)
    {
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '{')
            {
                var end = End(text, i, '}');
                var slot = text[(i + 1)..end];
                if (!slots.TryGetValue(slot, out var values) || values.Length == 0) throw new FormatException($"The slot {slot} is unknown or empty.");
                _choices.Add(new Choice(values, []));
                i = end + 1;
                continue;
            }

            var next = text.IndexOf('{', i);
            var plain = text[i..(next < 0 ? text.Length : next)];
            if (plain.Contains('}', StringComparison.Ordinal)) throw new FormatException("A } closes nothing.");
            _choices.Add(new Choice([plain], []));
            i += plain.Length;
        }
    }

    private static Template Inner(string alternative, IReadOnlyDictionary<string, string[]> slots) =>
        alternative.Contains('[', StringComparison.Ordinal) ? throw new FormatException("Brackets stand in brackets.") : new Template(alternative, slots);

    private static int End(string text, int start, char bracket)
    {
        var end = text.IndexOf(bracket, start);
        return end >= 0 ? end : throw new FormatException($"A {text[start]} is not closed.");
    }

    // An empty alternative leaves its spaces behind.
    private static string Tidy(StringBuilder text)
    {
        var tidy = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ' && (tidy.Length == 0 || i + 1 == text.Length || text[i + 1] is ' ' or '.' or ',' or '?' or '!' or ';' or ':')) continue;
            tidy.Append(text[i]);
        }

        return tidy.ToString();
    }
}
