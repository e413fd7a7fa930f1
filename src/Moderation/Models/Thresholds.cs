using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Models;

/// <summary>From which probability on a text is refused or looked at by a person; above 1 means never.</summary>
internal readonly record struct Threshold(float Block, float Review)
{
    /// <summary>Below it, a text is more likely harmless than not.</summary>
    public const float LowestBlock = 0.5f;

    public static readonly Threshold Never = new(2, 2);
}

/// <summary>Thresholds by stage, language and head. Those of the model file are the default; others may be derived from them. Immutable.</summary>
internal sealed class Thresholds
{
    public const int Stages = 2;

    public static readonly Thresholds None = new(_ => Threshold.Never);

    private readonly Threshold[] _all = new Threshold[Stages * Languages.Count * Heads.Count];

    public Thresholds(Func<(ScreeningStage Stage, Language Language, int Head), Threshold> choose)
    {
        foreach (var stage in Enum.GetValues<ScreeningStage>())
            foreach (var language in Enum.GetValues<Language>())
                for (var head = 0; head < Heads.Count; head++) _all[Index(stage, language, head)] = choose((stage, language, head));
    }

    public Threshold Of(ScreeningStage stage, Language language, int head) => _all[Index(stage, language, head)];

    private static int Index(ScreeningStage stage, Language language, int head) => ((int)stage * Languages.Count + (int)language) * Heads.Count + head;
}
