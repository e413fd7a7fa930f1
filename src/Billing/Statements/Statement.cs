using System.Text.Json.Serialization;

namespace Aigc2d.Billing.Statements;

/// <summary>What happened to an account's points in a month. Amounts are signed micropoints: opening + Σ movements = closing.</summary>
internal sealed record Statement
{
    public required Guid AccountId { get; init; }

    /// <summary>For example <c>2026-11</c>, in UTC.</summary>
    public required string Month { get; init; }

    /// <summary>Whether the month has ended and nothing can change any more.</summary>
    public required bool Closed { get; init; }

    public required DateTimeOffset? ClosedAt { get; init; }

    public required long OpeningBalanceMicropoints { get; init; }

    /// <summary>By the rule that moved the points.</summary>
    public required IReadOnlyList<MovementLine> Movements { get; init; }

    /// <summary>The charges again, by model.</summary>
    public required IReadOnlyList<ChargeLine> Charges { get; init; }

    public required long ClosingBalanceMicropoints { get; init; }

    [JsonIgnore]
    public bool IsEmpty => OpeningBalanceMicropoints == 0 && Movements.Count == 0;
}

/// <summary>All movements of one rule. Most rules only add or only remove points; an adjustment may do either.</summary>
internal sealed record MovementLine
{
    public required string Rule { get; init; }

    /// <summary>credits, charges, refunds, adjustments or forfeitures.</summary>
    public string Group => Rule switch
    {
        "charge" => "charges",
        "adjustment" => "adjustments",
        _ when Rule.StartsWith("refund", StringComparison.Ordinal) => "refunds",
        _ when Rule.StartsWith("forfeiture", StringComparison.Ordinal) => "forfeitures",
        _ => "credits",
    };

    public required long Credits { get; init; }

    public required long CreditMicropoints { get; init; }

    public required long Debits { get; init; }

    /// <summary>0 or less.</summary>
    public required long DebitMicropoints { get; init; }

    public long AmountMicropoints => CreditMicropoints + DebitMicropoints;
}

/// <summary>All calls of one model. Tokens are those of charged calls.</summary>
internal sealed record ChargeLine
{
    public required string Model { get; init; }

    public required long Charges { get; init; }

    public required long FreeEndings { get; init; }

    public required long InputTokens { get; init; }

    public required long OutputTokens { get; init; }

    public required long CachedInputTokens { get; init; }

    /// <summary>0 or less.</summary>
    public required long AmountMicropoints { get; init; }
}
