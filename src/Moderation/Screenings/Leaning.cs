using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>What the classifier by itself thinks of the texts of one request, whatever the rules say: probabilities, 0 to 1.</summary>
internal sealed record Leaning
{
    /// <summary>There is no classifier.</summary>
    public static readonly Leaning None = new() { ByCategory = new float[Categories.All.Count], Unsafe = 0, Likeliest = -1, Language = Language.English };

    /// <summary>In the order of <see cref="Categories.All"/>.</summary>
    public required IReadOnlyList<float> ByCategory { get; init; }

    /// <summary>That any category applies.</summary>
    public required float Unsafe { get; init; }

    /// <summary>The category that stands for <see cref="Unsafe"/>; −1 for none.</summary>
    public required int Likeliest { get; init; }

    /// <summary>The language they were judged in; of two the one that they look worse in.</summary>
    public required Language Language { get; init; }

    public static Leaning Of(Opinions opinions)
    {
        var byCategory = new float[Categories.All.Count];
        for (var head = 0; head < byCategory.Length; head++) byCategory[head] = opinions.ProbabilityOf(head);
        var language = opinions.Of(Language.Chinese, Heads.Unsafe).LogOdds > opinions.Of(Language.English, Heads.Unsafe).LogOdds ? Language.Chinese : Language.English;
        return new Leaning { ByCategory = byCategory, Unsafe = opinions.ProbabilityOf(Heads.Unsafe), Likeliest = opinions.Likeliest(language), Language = language };
    }
}
