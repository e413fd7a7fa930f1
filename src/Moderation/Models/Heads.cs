using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>What the classifier answers: a probability for every category, and one that any of them applies.</summary>
internal static class Heads
{
    /// <summary>Weights of one feature lie side by side, so that they are one load; lanes without a head stay zero.</summary>
    public const int Lanes = 16;

    public static readonly IReadOnlyList<string> Names = [.. Categories.All, "unsafe"];

    public static readonly int Count = Names.Count;

    /// <summary>The head of any violation.</summary>
    public static readonly int Unsafe = Count - 1;

    public static int Of(string category)
    {
        for (var head = 0; head < Count; head++)
            if (Names[head] == category) return head;
        throw new ArgumentException($"{category} is no category.", nameof(category));
    }
}
