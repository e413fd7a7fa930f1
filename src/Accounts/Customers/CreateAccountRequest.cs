using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Aigc2d.Accounts.Keys;

namespace Aigc2d.Accounts.Customers;

/// <summary>An account as an operator wants it. The points are Billing's: the edge has them granted afterwards.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateAccountRequest
{
    private const int LongestName = 100;

    public required string Name { get; init; }

    public long Micropoints { get; init; }

    /// <summary>What is not acceptable, by field.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!PlainText.IsName(Name, LongestName)) errors["name"] = [$"must be 1 to {LongestName} visible characters without space at either end."];
        if (Micropoints is < 0 or > CreateKeyRequest.MostMicropoints) errors["micropoints"] = [$"must be an integer from 0 to {CreateKeyRequest.MostMicropoints}."];
        return errors;
    }

    /// <summary>Tells one wish from another under the same idempotency key.</summary>
    public byte[] Fingerprint() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Micropoints}\n{Name}"));
}
