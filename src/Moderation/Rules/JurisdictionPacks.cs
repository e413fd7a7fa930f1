namespace Aigc2d.Moderation.Rules;

/// <summary>
/// Rules that a deployment adds for where it is run: files named <c>jurisdiction.PACK.json</c>, chosen by the setting <c>Moderation:Jurisdiction</c>, none
/// by default. What <c>jurisdiction.json</c> has holds everywhere.
/// </summary>
public static class JurisdictionPacks
{
    private const string Setting = "Moderation:Jurisdiction";
    private const string Prefix = "jurisdiction.";
    private const string Suffix = ".json";

    /// <summary>The packs there are, in name order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. RuleFile.Names().Select(NameOf).OfType<string>()];

    /// <summary>The configured packs: a list, or names with commas between them.</summary>
    /// <exception cref="InvalidOperationException">There is no such pack.</exception>
    public static IReadOnlyCollection<string> From(IConfiguration configuration)
    {
        var packs = (configuration.GetSection(Setting).Get<string[]>() ?? [configuration[Setting] ?? ""])
            .SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
        return packs.FirstOrDefault(pack => !All.Contains(pack)) is { } unknown ? throw new InvalidOperationException($"{Setting}: {Unknown(unknown)}") : packs;
    }

    /// <summary>The files of the packs that are not among these.</summary>
    /// <exception cref="FormatException">There is no such pack.</exception>
    internal static List<string> FilesBut(IReadOnlyCollection<string> packs) =>
        packs.FirstOrDefault(pack => !All.Contains(pack)) is { } unknown
            ? throw new FormatException(Unknown(unknown))
            : [.. All.Where(pack => !packs.Contains(pack)).Select(pack => Prefix + pack + Suffix)];

    private static string Unknown(string pack) => $"there is no jurisdiction pack {pack}; there are {string.Join(", ", All)}.";

    private static string? NameOf(string file) =>
        file.StartsWith(Prefix, StringComparison.Ordinal) && file.Length > Prefix.Length + Suffix.Length ? file[Prefix.Length..^Suffix.Length] : null;
}
