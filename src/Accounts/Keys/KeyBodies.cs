using System.Net;
using System.Text.Json.Serialization;

namespace Aigc2d.Accounts.Keys;

/// <summary>What a customer says about a new key.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateKeyRequest
{
    private const int MaxItems = 100;
    private const int MaxText = 200;
    private const long MaxMicropoints = 9_007_199_254_740_991;
    private static readonly string[] KnownScopes = ["inference", "account"];

    public required string Name { get; init; }

    public string[] Scopes { get; init; } = ["inference"];

    /// <summary>The only models the key may call; null allows all.</summary>
    public string[]? Models { get; init; }

    /// <summary>The only networks (CIDR) it may be used from; null allows all.</summary>
    public string[]? IpRanges { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key's cap per UTC day, micropoints; null for none.</summary>
    public long? MicropointsPerDay { get; init; }

    /// <summary>What is wrong, by field.</summary>
    public Dictionary<string, string[]> Faults(DateTimeOffset now)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!IsText(Name)) faults["name"] = [$"must have 1 to {MaxText} characters, none of them a control character."];
        if (Scopes.Length == 0 || Scopes.Except(KnownScopes, StringComparer.Ordinal).Any()) faults["scopes"] = ["must name at least one of: inference, account."];
        if (Models is { } models && (models.Length is 0 or > MaxItems || !models.All(IsText))) faults["models"] = [$"must be null or have 1 to {MaxItems} model names."];
        if (IpRanges is { } ranges && (ranges.Length is 0 or > MaxItems || !ranges.All(IsNetwork))) faults["ipRanges"] = [$"must be null or have 1 to {MaxItems} networks such as 203.0.113.0/24 or 2001:db8::/32."];
        if (ExpiresAt <= now) faults["expiresAt"] = ["must be in the future, or null."];
        if (MicropointsPerDay is < 0 or > MaxMicropoints) faults["micropointsPerDay"] = [$"must be between 0 and {MaxMicropoints}, or null."];
        return faults;
    }

    private static bool IsText(string text) => text is { Length: >= 1 and <= MaxText } && !text.Any(char.IsControl);

    private static bool IsNetwork(string range) => range is not null && IPNetwork.TryParse(range, out _);
}

/// <summary>A key as it is listed: never with the key itself.</summary>
internal sealed record KeyView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Last4 { get; init; }

    public required string[] Scopes { get; init; }

    public string[]? Models { get; init; }

    public string[]? IpRanges { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public long? MicropointsPerDay { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A key that was just made: the only time the key itself is told.</summary>
internal sealed record CreatedKey(Guid Id, string Name, string Key, string Last4, string[] Scopes);
