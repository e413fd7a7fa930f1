namespace Aigc2d.Moderation.Evaluation;

/// <summary>Which question of the targets a set of rows can answer.</summary>
internal enum SetKind
{
    None,

    /// <summary>Chinese posts, offensive and not.</summary>
    ChineseOffence,

    /// <summary>English posts of several categories and harmless ones.</summary>
    MixedEnglish,

    /// <summary>Prompts that ask for harm, with or without others.</summary>
    HarmfulRequests,

    /// <summary>Harmless prompts that look harmful, maybe with their unsafe twins.</summary>
    LookAlikes,

    /// <summary>Harmless Chinese questions about sensitive things.</summary>
    SensitiveChinese,

    BenignImages,

    BenignChat,
}

/// <summary>Tells the kind of a set from its rows; where rows cannot tell, from its name.</summary>
internal static class SetKinds
{
    private const double Most = 0.9;

    private static readonly string[] LookAlikeNames = ["look-alike", "lookalike", "xstest", "oktest", "or-bench", "orbench", "phtest", "twin", "contrast", "frr", "refusal"];
    private static readonly string[] SensitiveNames = ["sensitive", "legitimate", "cvalues", "donotanswer", "do-not-answer", "responsible"];

    public static SetKind Of(MeasuredSet set)
    {
        var rows = set.Rows;
        var judged = rows.Where(row => row.Labels.Unsafe is not null).ToArray();
        var isUnsafe = Array.Exists(judged, row => row.Labels.Unsafe == true);
        var isSafe = Array.Exists(judged, row => row.Labels.Unsafe == false);
        var isChinese = Share(rows, row => row.Labels.Language == "zh");
        if (judged.Length == 0) return SetKind.None;

        if (!Share(rows, row => row.Labels.Kind == "content"))
        {
            if (Share(rows, row => row.Labels.Kind == "image_prompt")) return isUnsafe ? SetKind.None : SetKind.BenignImages;
            if (isSafe && isChinese && IsNamed(set, SensitiveNames)) return SetKind.SensitiveChinese;
            if (isSafe && (IsNamed(set, LookAlikeNames) || rows.Any(row => row.Labels.Label.Contains("contrast", StringComparison.OrdinalIgnoreCase)))) return SetKind.LookAlikes;
            return isUnsafe ? SetKind.HarmfulRequests : SetKind.BenignChat;
        }

        if (!isUnsafe) return SetKind.BenignChat;
        if (!isSafe) return SetKind.None;
        if (isChinese) return SetKind.ChineseOffence;
        return Share(rows, row => row.Labels.Language == "en") && Head.All.Skip(1).Count(head => rows.Any(row => head.IsTrue(row.Labels) == true)) >= 3
            ? SetKind.MixedEnglish
            : SetKind.None;
    }

    private static bool IsNamed(MeasuredSet set, string[] names) => Array.Exists(names, name => set.Name.Replace('_', '-').Contains(name, StringComparison.OrdinalIgnoreCase));

    private static bool Share(IReadOnlyCollection<MeasuredRow> rows, Func<MeasuredRow, bool> has) => rows.Count(has) >= Most * rows.Count;
}
