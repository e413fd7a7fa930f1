using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>One dated price row of a model, under the version that holds pin.</summary>
internal sealed record Price : PriceRow
{
    public required long Version { get; init; }

    /// <summary>The charge for quantities: max(10,000, ⌈Σ quantity × rate × ppm ∕ 10⁹⌉) micropoints, rates per 1,000.</summary>
    /// <exception cref="OverflowException">The amount is beyond what the ledger carries.</exception>
    public long ChargeFor(Quantities quantities, int multiplierPpm)
    {
        var charge = AppliedRates.Of(this, quantities).PriceOf(quantities, multiplierPpm);
        return charge <= Micropoints.Max ? (long)charge : throw new OverflowException("The price is beyond what the ledger carries.");
    }

    /// <summary>The charge, or the most that the ledger carries: absurd usage of one request must not stop the settlement of others.</summary>
    public long ChargeAtMostFor(Quantities quantities, int multiplierPpm)
    {
        try
        {
            return ChargeFor(quantities, multiplierPpm);
        }
        catch (OverflowException)
        {
            return Micropoints.Max;
        }
    }

    /// <summary>Micropoints per image of that size and quality, else of that size; null when the row has neither.</summary>
    public long? ImageRate(string? size, string? quality)
    {
        if (Images is null || size is null) return null;
        if (quality is not null && Images.TryGetValue($"{size}/{quality}", out var exact)) return exact;
        return Images.TryGetValue(size, out var rate) ? rate : null;
    }

    /// <summary>Whether the row has a rate for everything that a hold asks for.</summary>
    public bool Covers(Quantities asked) =>
        (asked.Images == 0 || ImageRate(asked.ImageSize, asked.ImageQuality) is not null)
        && (asked.TaskAction is null || Tasks?.ContainsKey(asked.TaskAction) == true)
        && (asked.Diffusion is null || Diffusion is not null)
        && (asked.Milliseconds == 0 || MicropointsPerSecond is not null || HasTokenRates)
        && (asked.Characters == 0 || MicropointsPer1kCharacters is not null || HasTokenRates)
        && (HasTokenRates || asked is not { Images: 0, IsTask: false, Milliseconds: 0, Characters: 0 });

    /// <summary>
    /// The output tokens to hold for all choices together: what the client asked for within the model's maximum and context, else the row's cap, else
    /// the maximum; none for a model that is not paid by tokens, and none when none is asked for, as of embeddings.
    /// </summary>
    public int OutputToHold(int inputTokens, int? maxOutputTokens, int choices) =>
        HasTokenRates && maxOutputTokens != 0 ? checked(Math.Clamp(maxOutputTokens ?? HoldOutputTokens ?? MaxOutputTokens!.Value, 1, MostOutput(inputTokens)) * choices) : 0;

    /// <summary>The most output tokens the model can give for such a prompt, for all choices together.</summary>
    public int MostOutput(int inputTokens, int choices) => HasTokenRates ? checked(MostOutput(inputTokens) * choices) : 0;

    /// <summary>Whether a prompt leaves no room for an answer.</summary>
    public bool IsTooLong(int inputTokens) => inputTokens >= ContextTokens;

    private int MostOutput(int inputTokens) => Math.Max(1, Math.Min(MaxOutputTokens!.Value, ContextTokens!.Value - inputTokens));
}
