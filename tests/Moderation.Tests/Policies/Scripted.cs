using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>A screening with a made-up opinion of the classifier about hate, beside the exact probabilities.</summary>
internal sealed record Scripted(float Score, float Any, bool IsLikeliest, bool IsHit, Language Language, Strictness Strictness)
{
    private static readonly int Hate = Categories.IndexOf("hate");
    private static readonly CompiledRule Rule = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "hate", Action: RuleAction.Block });

    public Judgement Judgement { get; } = new()
    {
        Action = VerdictAction.Block,
        Findings = [new Finding(IsHit ? Rule : ModelRule, 0, 0, 1)],
        Scores = Scores.None,
        Leaning = new Leaning
        {
            ByCategory = [.. Categories.All.Select((_, category) => category == Hate ? Score : category == 0 && !IsLikeliest ? 1 : 0)],
            Unsafe = Any,
            Likeliest = IsLikeliest ? Hate : 0,
            Language = Language,
        },
    };

    public VerdictRow Row => VerdictRow.Of(
        new Screening { RequestId = Guid.CreateVersion7(), AccountId = Guid.CreateVersion7(), Stage = ScreeningStage.Prompt, Texts = ["x"], Strictness = Strictness },
        Judgement,
        PolicySnapshot.BuiltIn(Thresholds.None).For(ScreeningStage.Prompt, Strictness),
        "test",
        TimeProvider.System.GetUtcNow()) with
    { ContentHash = $"{Guid.CreateVersion7()}" };

    private static CompiledRule ModelRule { get; } = Rule with { Index = -1 - Hate, Id = "model.hate" };

    /// <summary>Many probabilities lie on a threshold of two decimals or just below it.</summary>
    public static Scripted Of(Random random) =>
        new(Probability(random), Probability(random), random.Next(2) == 0, random.Next(10) == 0, (Language)random.Next(2), (Strictness)random.Next(3));

    /// <summary>What would become of it, by the probabilities themselves.</summary>
    public VerdictAction End(Policy policy, Thresholds own) =>
        policy.ActionOf(IsHit, policy.ThresholdOf(own, Language, Strictness), Score, policy.ThresholdOfAny(own, Language, Strictness), IsLikeliest ? Any : 0);

    private static float Probability(Random random)
    {
        var threshold = (float)(random.Next(1, 100) / 100m);
        return random.Next(3) switch { 0 => threshold, 1 => threshold - 0.0002f, _ => random.NextSingle() };
    }
}
