using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>Chinese in traditional characters, split by separators, or both.</summary>
internal sealed class ChineseForms : IEvasion
{
    private static readonly string[] Separators = ["·", " ", "_", "-", ".", "*", "|", "，", "/", "~", "💣", "\u3000"];

    private static readonly ILookup<char, char> Traditional = FoldData.Simplified()
        .Where(form => form.Key <= char.MaxValue && form.Value.Length == 1).OrderBy(form => form.Key).ToLookup(form => form.Value[0], form => (char)form.Key);

    public string Family => "Chinese split and traditional";

    public string Disguise(string text, Random random) => random.Next(3) switch
    {
        0 => InTraditional(text, random),
        1 => Split(text, UnicodeAndSpacing.Pick(Separators, random)),
        _ => Split(InTraditional(text, random), UnicodeAndSpacing.Pick(Separators, random)),
    };

    private static string InTraditional(string text, Random random) =>
        UnicodeAndSpacing.Each(text, c => Traditional[c].ToArray() is { Length: > 0 } forms ? UnicodeAndSpacing.Pick(forms, random).ToString() : c.ToString());

    private static string Split(string text, string separator) => UnicodeAndSpacing.Each(text, c => Letters.IsHan(c) ? c + separator : c.ToString());
}
