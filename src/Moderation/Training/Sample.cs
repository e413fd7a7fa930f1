using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>A text to learn from.</summary>
/// <param name="Labels">Per head, see <see cref="Training.Labels"/>.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Role">What it shows when it is harmless.</param>
/// <param name="Fold">The part of the texts that it is held out with, 0 to <see cref="Folds"/> − 1; texts of one group share it.</param>
/// <param name="Made">A spoilt copy or a row of texts: learnt from and never measured.</param>
internal sealed record Sample(string Text, int Fold, sbyte[] Labels, float Weight, Role Role, bool Made = false)
{
    public const int Folds = 4;

    // What only looks like harm, and what everybody asks, must not be drowned by harm.
    private const float TwinWeight = 1.3f;
    private const float ChatWeight = 3;

    // Of a thousand letters, how many go wrong.
    private const int Careless = 50;
    private const int Garbled = 160;

    public bool IsSafe => Labels[Heads.Unsafe] == Training.Labels.No;

    public static Sample Of(CorpusText text)
    {
        var role = text.IsUnsafe ? Role.Authored : text.Category != CorpusLint.Benign ? Role.Twins : text.Kind == "image_prompt" ? Role.Images : Role.Chat;
        var weight = role switch { Role.Twins => TwinWeight, Role.Chat => ChatWeight, _ => 1 };
        return new(text.Text, FoldOf(text.Pair), text.IsUnsafe ? Training.Labels.Breaking([text.Category]) : Training.Labels.Safe(), weight, role);
    }

    public static int FoldOf(string group) => Dice.For(0, group).Below(Folds);

    /// <summary>Copies of some texts of both kinds with letters swapped, dropped or doubled, so that bad spelling is no sign of anything.</summary>
    public static IEnumerable<Sample> Spoil(IReadOnlyList<Sample> samples, int perMille, int seed)
    {
        var dice = Dice.For(seed, "spoil");
        foreach (var sample in samples)
            if (dice.Chance(perMille)) yield return sample with { Text = Spoil(sample.Text, dice), Weight = sample.Weight / 2, Made = true };
    }

    private static string Spoil(string text, Dice dice)
    {
        var perMille = dice.Chance(500) ? Careless : Garbled;
        var chars = new List<char>(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var inWord = i + 1 < text.Length && char.IsAsciiLetter(text[i]) && char.IsAsciiLetter(text[i + 1]);
            if (!inWord || !dice.Chance(perMille))
            {
                chars.Add(text[i]);
                continue;
            }

            switch (dice.Below(4))
            {
                case 0 or 1:
                    chars.Add(text[i + 1]);
                    chars.Add(text[i++]);
                    break;
                case 2: break;
                default:
                    chars.Add(text[i]);
                    chars.Add(text[i]);
                    break;
            }
        }

        return new string([.. chars]);
    }
}
