namespace Aigc2d.Moderation.Training;

/// <summary>What a kind of text shows about false alarms.</summary>
internal enum Role
{
    /// <summary>Labelled text in which both kinds lie close together.</summary>
    Labelled,

    /// <summary>Harmful text of our own corpus.</summary>
    Authored,

    /// <summary>Harmless questions and answers.</summary>
    Chat,

    /// <summary>Harmless descriptions of images.</summary>
    Images,

    /// <summary>Harmless texts that use the words of harmful ones.</summary>
    Twins,
}

/// <summary>How much one text of a source counts, so that large sets do not drown small ones, and what it shows. Sources unknown here count like any labelled text.</summary>
/// <param name="Prefix">How the file's name begins.</param>
/// <param name="Weight">Of one text; a text of our own corpus is 1.</param>
/// <param name="Role">What its harmless texts show.</param>
internal sealed record Source(string Prefix, float Weight, Role Role)
{
    public static readonly Source Other = new("", 0.5f, Role.Labelled);

    private static readonly Source[] Known =
    [
        new("advbench", 3, Role.Labelled),
        new("malicious-instruct", 3, Role.Labelled),
        new("cyberseceval-frr", 2, Role.Twins),
        new("cyberseceval-mitre", 0.25f, Role.Labelled),
        new("cold-zh", 0.7f, Role.Labelled),
        new("davidson-hsol", 0.7f, Role.Labelled),
        new("image-benign", 0.5f, Role.Images),
        new("oasst1", 2, Role.Chat),
    ];

    /// <summary>The weights of a safe and of an unsafe text: where a file has far more unsafe ones, together they count no more than the safe ones.</summary>
    public (float Safe, float Unsafe) WeightsFor(int safe, int unsafeTexts) => (Weight, safe == 0 ? Weight : Weight * Math.Min(1, (float)safe / Math.Max(1, unsafeTexts)));

    public static Source Of(string fileName) => Array.Find(Known, source => fileName.StartsWith(source.Prefix, StringComparison.Ordinal)) ?? Other;
}
