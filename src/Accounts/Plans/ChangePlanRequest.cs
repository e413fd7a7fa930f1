using System.Text.Json.Serialization;

namespace Aigc2d.Accounts.Plans;

/// <summary>What an operator wants to be different about a plan, and why.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangePlanRequest
{
    private const int LongestReason = 500;

    /// <summary><c>standard</c>, <c>strict</c> or <c>relaxed</c>; Moderation knows within which bounds they move its thresholds.</summary>
    public required string Strictness { get; init; }

    public required string Reason { get; init; }

    /// <summary>What is not acceptable, by field.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Strictness is not ("standard" or "strict" or "relaxed")) errors["strictness"] = ["must be standard, strict or relaxed."];
        if (Reason.Trim().Length is 0 or > LongestReason || Reason.Any(char.IsControl)) errors["reason"] = [$"must have 1 to {LongestReason} characters, none of them a control character."];
        return errors;
    }
}
