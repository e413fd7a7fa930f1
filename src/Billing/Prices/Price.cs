using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>One dated price row of a model.</summary>
internal sealed record Price
{
    public required long Version { get; init; }

    public required string Model { get; init; }

    public required DateTimeOffset EffectiveFrom { get; init; }

    public required long InputMicropointsPer1k { get; init; }

    public required long OutputMicropointsPer1k { get; init; }

    public long? CachedInputMicropointsPer1k { get; init; }

    public required int ContextTokens { get; init; }

    public required int MaxOutputTokens { get; init; }

    /// <summary>The output tokens held when the client sets no limit; null holds the model's maximum.</summary>
    public int? HoldOutputTokens { get; init; }

    /// <summary>The charge for a usage: max(10,000, ⌈Σ tokens × rate × ppm ∕ 10⁹⌉) micropoints.</summary>
    /// <exception cref="OverflowException">The amount is beyond what the ledger carries.</exception>
    public long ChargeFor(long inputTokens, long outputTokens, long cachedInputTokens, int multiplierPpm)
    {
        var cached = Math.Min(cachedInputTokens, inputTokens);
        var exact = checked(
            ((Int128)(inputTokens - cached) * InputMicropointsPer1k)
            + ((Int128)cached * (CachedInputMicropointsPer1k ?? InputMicropointsPer1k))
            + ((Int128)outputTokens * OutputMicropointsPer1k)) * multiplierPpm;
        var charge = (exact + 999_999_999) / 1_000_000_000;
        return charge <= Micropoints.Max ? (long)Int128.Max(Micropoints.MinimumCharge, charge) : throw new OverflowException("The price is beyond what the ledger carries.");
    }

    /// <summary>
    /// The output tokens to hold for all choices together: what the client asked for within the model's maximum and context, else the row's cap, else
    /// the maximum.
    /// </summary>
    public int OutputToHold(int inputTokens, int? maxOutputTokens, int choices) =>
        checked(Math.Clamp(maxOutputTokens ?? HoldOutputTokens ?? MaxOutputTokens, 1, MostOutput(inputTokens)) * choices);

    /// <summary>The most output tokens the model can give for such a prompt, for all choices together.</summary>
    public int MostOutput(int inputTokens, int choices) => checked(MostOutput(inputTokens) * choices);

    private int MostOutput(int inputTokens) => Math.Max(1, Math.Min(MaxOutputTokens, ContextTokens - inputTokens));
}
