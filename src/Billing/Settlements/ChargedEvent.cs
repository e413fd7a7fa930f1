using System.Text.Json.Serialization;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Settlements;

/// <summary>The data of <c>billing.usage.charged.v1</c>: everything the amount can be recomputed from. Amounts are signed: balance = previous + amount.</summary>
internal sealed record ChargedEvent
{
    public const string Type = "billing.usage.charged.v1";

    public required Guid AccountId { get; init; }

    public required long AccountSequence { get; init; }

    public required Guid RequestId { get; init; }

    public required Guid KeyId { get; init; }

    public required string Model { get; init; }

    public required string? Provider { get; init; }

    public required Guid? ChannelId { get; init; }

    public required string EndCause { get; init; }

    public required bool Estimated { get; init; }

    public required int InputTokens { get; init; }

    public required int OutputTokens { get; init; }

    public required int CachedInputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CacheWriteTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AudioInputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ImageInputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ReasoningTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AudioOutputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ImageOutputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Milliseconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Characters { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Images { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? ImageSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? ImageQuality { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? TaskAction { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DiffusionJob? Diffusion { get; init; }

    public required long PriceVersion { get; init; }

    public required AppliedRates Rates { get; init; }

    public required int MultiplierPpm { get; init; }

    /// <summary>The share of the price that is charged because the provider billed the customer's own key; absent for our own channels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OwnKeyFeePpm { get; init; }

    /// <summary>plain, shortfall or late: the last two may charge less than the formula gives.</summary>
    public required string Rule { get; init; }

    public required long AmountMicropoints { get; init; }

    public required long BalanceMicropoints { get; init; }

    public static FeedEvent Of(LedgerUnit unit, LedgerAccount account, UsageRecorded usage, Quantities used, HoldRow hold, Price price, Charge charge)
    {
        var sequence = account.NextFeedSequence();
        return FeedEvent.Of(Type, account, sequence, unit.Now, new ChargedEvent
        {
            AccountId = account.Id,
            AccountSequence = sequence,
            RequestId = usage.RequestId,
            KeyId = usage.KeyId,
            Model = hold.Model,
            Provider = usage.Provider,
            ChannelId = usage.ChannelId,
            EndCause = EndCauses.NameOf(usage.EndCause),
            Estimated = usage.Estimated,
            InputTokens = used.InputTokens,
            OutputTokens = used.OutputTokens,
            CachedInputTokens = used.CachedInputTokens,
            CacheWriteTokens = used.CacheWriteTokens,
            AudioInputTokens = used.AudioInputTokens,
            ImageInputTokens = used.ImageInputTokens,
            ReasoningTokens = used.ReasoningTokens,
            AudioOutputTokens = used.AudioOutputTokens,
            ImageOutputTokens = used.ImageOutputTokens,
            Milliseconds = used.Milliseconds,
            Characters = used.Characters,
            Images = used.Images,
            ImageSize = used.ImageSize,
            ImageQuality = used.ImageQuality,
            TaskAction = used.TaskAction,
            Diffusion = used.Diffusion,
            PriceVersion = price.Version,
            Rates = AppliedRates.Of(price, used),
            MultiplierPpm = hold.MultiplierPpm,
            OwnKeyFeePpm = usage.OwnKey ? hold.OwnKeyFeePpm : null,
            Rule = charge.Rule,
            AmountMicropoints = -charge.ChargedMicropoints,
            BalanceMicropoints = account.BalanceMicropoints,
        });
    }

    /// <summary>What was used, as the event tells it.</summary>
    public Quantities ToQuantities() => new()
    {
        InputTokens = InputTokens,
        OutputTokens = OutputTokens,
        CachedInputTokens = CachedInputTokens,
        CacheWriteTokens = CacheWriteTokens,
        AudioInputTokens = AudioInputTokens,
        ImageInputTokens = ImageInputTokens,
        ReasoningTokens = ReasoningTokens,
        AudioOutputTokens = AudioOutputTokens,
        ImageOutputTokens = ImageOutputTokens,
        Milliseconds = Milliseconds,
        Characters = Characters,
        Images = Images,
        ImageSize = ImageSize,
        ImageQuality = ImageQuality,
        TaskAction = TaskAction,
        Diffusion = Diffusion,
    };
}
