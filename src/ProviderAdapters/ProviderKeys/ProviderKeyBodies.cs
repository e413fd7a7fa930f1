using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>A new key. Unknown members are refused, so that a misspelt one does not pass unnoticed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateProviderKeyRequest
{
    public required string Provider { get; init; }

    public required string Name { get; init; }

    public required string Credential { get; init; }

    /// <summary>Null means the provider's official address.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Null means those that the platform lists for the provider.</summary>
    public string[]? Models { get; init; }
}

/// <summary>
/// The members of a key that are to change; what is absent stays. The address is not among them: whoever gets hold of an account's key could else have the
/// stored credential sent elsewhere.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PatchProviderKeyRequest
{
    public string? Name { get; init; }

    public string? Credential { get; init; }

    /// <summary>A list of names, or null for those that the platform lists for the provider.</summary>
    public JsonElement Models { get; init; }

    public string? State { get; init; }
}

/// <summary>A key as its owner sees it; of the credential the end only.</summary>
public sealed record ProviderKeyResponse
{
    public required Guid Id { get; init; }

    public required string Provider { get; init; }

    public required string Name { get; init; }

    public required string? BaseUrl { get; init; }

    public required string[]? Models { get; init; }

    public required string State { get; init; }

    public required string CredentialLast4 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
