using System.Text.Json.Serialization;

namespace Aigc2d.Billing.Prices;

/// <summary>A price row as operators write it: micropoints, by kind; null means now, the rate of the parent, the model's maximum, or not priced so.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record PriceRow
{
    public required string Model { get; init; }

    public DateTimeOffset? EffectiveFrom { get; init; }

    public long? InputMicropointsPer1k { get; init; }

    public long? OutputMicropointsPer1k { get; init; }

    /// <summary>This and the next three: parts of the input; null costs what input costs.</summary>
    public long? CachedInputMicropointsPer1k { get; init; }

    public long? CacheWriteMicropointsPer1k { get; init; }

    public long? AudioInputMicropointsPer1k { get; init; }

    public long? ImageInputMicropointsPer1k { get; init; }

    /// <summary>This and the next two: parts of the output; null costs what output costs.</summary>
    public long? ReasoningMicropointsPer1k { get; init; }

    public long? AudioOutputMicropointsPer1k { get; init; }

    public long? ImageOutputMicropointsPer1k { get; init; }

    public int? ContextTokens { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>The output tokens held when the client sets no limit; null holds the model's maximum.</summary>
    public int? HoldOutputTokens { get; init; }

    public long? MicropointsPerSecond { get; init; }

    public long? MicropointsPer1kCharacters { get; init; }

    /// <summary>Micropoints per image by <c>size</c> or <c>size/quality</c>.</summary>
    public SortedDictionary<string, long>? Images { get; init; }

    /// <summary>Micropoints per task by action.</summary>
    public SortedDictionary<string, long>? Tasks { get; init; }

    public DiffusionRate? Diffusion { get; init; }

    /// <summary>Whether the model is paid by tokens.</summary>
    [JsonIgnore]
    public bool HasTokenRates => InputMicropointsPer1k is not null;
}

/// <summary>Stable Diffusion's formula: (base + perControlNetUnit × units) × megapixels × steps × images × micropointsPerUnit, rounded half up.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DiffusionRate
{
    public required int Base { get; init; }

    public required int PerControlNetUnit { get; init; }

    /// <summary>2.5 units of work cost a point when this is 400,000.</summary>
    public required long MicropointsPerUnit { get; init; }

    /// <summary>The result is a multiple of this.</summary>
    public required long RoundToMicropoints { get; init; }

    /// <summary>The micropoints of a job, exact to the last pixel before it is rounded.</summary>
    /// <exception cref="OverflowException">The amount is beyond what the ledger carries.</exception>
    public long MicropointsOf(Contracts.Billing.DiffusionJob job)
    {
        var pixels = checked((Int128)job.Width * job.Height * job.Steps * job.Images * (Base + (PerControlNetUnit * job.ControlNetUnits)));
        var step = (Int128)1_000_000 * RoundToMicropoints;
        return checked((long)(((2 * pixels * MicropointsPerUnit) + step) / (2 * step) * RoundToMicropoints));
    }
}
