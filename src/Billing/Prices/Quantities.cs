using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.Billing.Holds;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Prices;

/// <summary>What a request used, or may use: totals of tokens, their details as parts of them, and what is counted otherwise.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record Quantities
{
    // What has a column of its own in every table is not repeated in the column `quantities`.
    [JsonIgnore]
    public int InputTokens { get; init; }

    [JsonIgnore]
    public int OutputTokens { get; init; }

    [JsonIgnore]
    public int CachedInputTokens { get; init; }

    public int CacheWriteTokens { get; init; }

    public int AudioInputTokens { get; init; }

    public int ImageInputTokens { get; init; }

    public int ReasoningTokens { get; init; }

    public int AudioOutputTokens { get; init; }

    public int ImageOutputTokens { get; init; }

    public long Milliseconds { get; init; }

    public long Characters { get; init; }

    public int Images { get; init; }

    public string? ImageSize { get; init; }

    public string? ImageQuality { get; init; }

    public string? TaskAction { get; init; }

    public DiffusionJob? Diffusion { get; init; }

    /// <summary>Whether these are a task's: its price is decided when it is submitted.</summary>
    [JsonIgnore]
    public bool IsTask => TaskAction is not null || Diffusion is not null;

    /// <summary>Input tokens that are nothing more special.</summary>
    [JsonIgnore]
    public int PlainInputTokens => InputTokens - CachedInputTokens - CacheWriteTokens - AudioInputTokens - ImageInputTokens;

    /// <summary>Output tokens that are nothing more special.</summary>
    [JsonIgnore]
    public int PlainOutputTokens => OutputTokens - ReasoningTokens - AudioOutputTokens - ImageOutputTokens;

    public static Quantities Of(PlaceHold ask, int outputTokens) => new()
    {
        InputTokens = ask.InputTokens,
        OutputTokens = outputTokens,
        Characters = ask.Characters,
        Milliseconds = ask.Milliseconds,
        Images = ask.Images,
        ImageSize = ask.Images > 0 ? ask.ImageSize : null,
        ImageQuality = ask.Images > 0 ? ask.ImageQuality : null,
        TaskAction = ask.TaskAction,
        Diffusion = ask.Diffusion,
    };

    /// <summary>
    /// What a call is charged for. Details never exceed their total, cut in the order of the members; a task is charged for what was submitted, and
    /// images of a size without a rate for the size that was held.
    /// </summary>
    public static Quantities Of(UsageRecorded usage, HoldRow? hold, Price? price)
    {
        var held = hold?.Quantities is null ? null : Parse(hold.Quantities);
        if (held is { IsTask: true }) return held with { InputTokens = hold!.InputTokens, OutputTokens = hold.HeldOutputTokens };

        var (inputLeft, outputLeft) = (usage.InputTokens, usage.OutputTokens);
        var hasOwnSize = price?.ImageRate(usage.ImageSize, usage.ImageQuality) is not null;
        return new()
        {
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            CachedInputTokens = Part(usage.CachedInputTokens, ref inputLeft),
            CacheWriteTokens = Part(usage.CacheWriteTokens, ref inputLeft),
            AudioInputTokens = Part(usage.AudioInputTokens, ref inputLeft),
            ImageInputTokens = Part(usage.ImageInputTokens, ref inputLeft),
            ReasoningTokens = Part(usage.ReasoningTokens, ref outputLeft),
            AudioOutputTokens = Part(usage.AudioOutputTokens, ref outputLeft),
            ImageOutputTokens = Part(usage.ImageOutputTokens, ref outputLeft),
            Milliseconds = usage.Milliseconds,
            Characters = usage.Characters,
            Images = usage.Images,
            ImageSize = usage.Images == 0 ? null : hasOwnSize ? usage.ImageSize : held?.ImageSize,
            ImageQuality = usage.Images == 0 ? null : hasOwnSize ? usage.ImageQuality : held?.ImageQuality,
        };
    }

    /// <summary>For the column <c>quantities</c>: null when tokens and cached tokens are all there is.</summary>
    public string? ToColumn()
    {
        var isOrdinary = this == new Quantities { InputTokens = InputTokens, OutputTokens = OutputTokens, CachedInputTokens = CachedInputTokens };
        return isOrdinary ? null : JsonSerializer.Serialize(this, Json);
    }

    private static Quantities Parse(string column) => JsonSerializer.Deserialize<Quantities>(column, Json)!;

    private static int Part(int claimed, ref int left)
    {
        var part = Math.Min(claimed, left);
        left -= part;
        return part;
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };
}
