using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Telemetry;
using Npgsql;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>The one way a call ends: its usage row, from which Billing charges or releases the hold, and its metrics.</summary>
internal sealed class EndCall
{
    private readonly RecordUsage _usage;
    private readonly GenAiMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EndCall> _logger;
    private readonly Counter<long> _replaced;

    public EndCall(RecordUsage usage, GenAiMetrics metrics, IMeterFactory meters, TimeProvider time, ILogger<EndCall> logger)
    {
        _usage = usage;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _replaced = meters.Create("Aigc2d.Usage").CreateCounter<long>("aigc2d.usage.replaced", "{call}", "Calls whose provider's usage was missing or not believed.");
    }

    /// <summary>
    /// Records the end and answers whether that was done; if not, the call must not be completed, and its hold is left to expire. Call it
    /// before the last byte goes out.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="cause">How it ended.</param>
    /// <param name="tokens">What it used.</param>
    /// <param name="refusal">What the provider's content rules have found, if they ended it.</param>
    public async Task<bool> RecordAsync(ModelCall call, EndCause cause, TokenCounts tokens, string? refusal = null)
    {
        call.IsRecorded = true;
        call.Recorded = tokens;
        var channel = call.Route?.Channel;
        var row = new UsageRow
        {
            RequestId = call.Identity.RequestId,
            AccountId = call.Identity.AccountId,
            KeyId = call.Identity.KeyId,
            Model = call.Identity.Model,
            Provider = channel?.Provider,
            ChannelId = channel?.Id,
            OwnKey = channel?.AccountId is not null,
            UpstreamModel = call.Route?.Model.Upstream,
            EndCause = cause,
            Refusal = refusal,
            ProviderAccepted = call.Running.ProviderAccepted,
            Streamed = call.Asked?.Stream == true,
            Tokens = tokens,
            StartedAt = call.Running.StartedAt,
            EndedAt = _time.GetUtcNow(),
        };
        if (channel is not null) _metrics.RecordCall(channel.Provider, row.Model, tokens.Input, tokens.Output, call.Running.Elapsed, ErrorType(cause), call.Asked?.Kind ?? "chat");

        try
        {
            if (await _usage.RecordAsync(row)) return true;
            _logger.LogError("Request {RequestId} already had a usage record; its second run ends free", row.RequestId);
        }
        catch (Exception exception) when (exception is NpgsqlException or BatcherOverloadedException or TimeoutException)
        {
            _logger.LogError("The usage of request {RequestId} could not be recorded; it ends free: {Reason}", row.RequestId, exception.Message);
        }

        return false;
    }

    /// <summary>What a call that was answered has used, and whether that is the provider's own word.</summary>
    public (TokenCounts Tokens, bool IsClaimed) Decide(ModelCall call, int estimatedOutput)
    {
        var (tokens, replaced) = UsageCheck.Decide(call.Claim, call.Identity.InputTokens, estimatedOutput, () => CountCall.Of(call));
        if (replaced is not null) NoteReplaced(call, replaced);
        return (tokens, replaced is null);
    }

    private void NoteReplaced(ModelCall call, string reason)
    {
        var channelId = call.Route?.Channel.Id;
        _replaced.Add(1, new("reason", reason), new("channel", channelId));
        if (reason == "missing") return;
        _logger.LogWarning("Channel {ChannelId} claimed {Reason} usage for request {RequestId}; our own count is recorded", channelId, reason, call.Identity.RequestId);
    }

    private static string? ErrorType(EndCause cause) =>
        cause is EndCause.Completed or EndCause.ContentFilter ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());
}
