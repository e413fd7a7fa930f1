using System.Net;
using System.Text.Json.Serialization;

namespace Aigc2d.Accounts.Keys;

/// <summary>A key as its owner wants it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateKeyRequest
{
    public const long MostMicropoints = 9_007_199_254_740_991;

    private const int LongestName = 100;
    private const int LongestModel = 128;
    private const int MostModels = 100;
    private const int MostRanges = 50;

    private static readonly string[] KnownScopes = ["inference", "account"];

    public required string Name { get; init; }

    /// <summary>What the key may be used for: <c>inference</c>, <c>account</c>.</summary>
    public string[] Scopes { get; init; } = ["inference"];

    /// <summary>The only models the key may call; null for all.</summary>
    public string[]? Models { get; init; }

    /// <summary>The only networks (CIDR) or addresses the key may be used from; null for all.</summary>
    public string[]? IpRanges { get; init; }

    /// <summary>When the key stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key's own spending cap per UTC day; null for none.</summary>
    public long? MicropointsPerDay { get; init; }

    /// <summary>What is not acceptable, by field.</summary>
    public Dictionary<string, string[]> Errors(DateTimeOffset now)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Check(bool holds, string field, string message)
        {
            if (!holds) errors[field] = [message];
        }

        Check(PlainText.IsName(Name, LongestName), "name", $"must be 1 to {LongestName} visible characters without space at either end.");
        Check(Scopes.Length > 0 && AreDistinct(Scopes) && Scopes.All(KnownScopes.Contains), "scopes", "must name each of 'inference' and 'account' at most once, and one at least.");
        Check(Models is null || (Models.Length is > 0 and <= MostModels && AreDistinct(Models) && Models.All(IsModel)), "models", $"must be null or 1 to {MostModels} different model names.");
        Check(IpRanges is null || (IpRanges.Length is > 0 and <= MostRanges && IpRanges.All(IsRange)), "ipRanges", $"must be null or 1 to {MostRanges} networks such as 203.0.113.0/24 or 2001:db8::/32.");
        Check(ExpiresAt is null || ExpiresAt > now, "expiresAt", "must be null or in the future.");
        Check(MicropointsPerDay is null or (> 0 and <= MostMicropoints), "micropointsPerDay", $"must be null or an integer from 1 to {MostMicropoints}.");
        return errors;
    }

    private static bool IsModel(string? model) => model is not null && PlainText.IsName(model, LongestModel);

    private static bool IsRange(string? range) => range is not null && (IPNetwork.TryParse(range, out _) || IPAddress.TryParse(range, out _));

    private static bool AreDistinct(string[] values) => values.Distinct(StringComparer.Ordinal).Count() == values.Length;
}
