using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Takes a call through its steps: read the body, find the channels, have them tried; and sees to it that it ends with a record.</summary>
internal sealed class ModelCalls(RunningCalls calls, ChannelDirectory directory, OwnKeyCalls ownKeys, CallAttempts attempts, CallAnswers answers)
{
    public async Task AnswerAsync(ModelCall call)
    {
        try
        {
            if (await TryAnswerAsync(call) is { } failed) await answers.FailAsync(call, failed);
        }
        finally
        {
            // Reached without a record only by a bug: the caller is not charged for it.
            if (!call.IsRecorded) await answers.End.RecordAsync(call, EndCause.PlatformCrash, TokenCounts.None);
        }
    }

    private async Task<CallFailed?> TryAnswerAsync(ModelCall call)
    {
        var ct = call.Running.Stopped;
        try
        {
            var body = await RequestBody.ReadAsync(call.Http.Request, ct);
            if (calls.IsDraining) return CallFailed.Of(CallFailure.Unavailable, EndCause.DrainCut, call);

            call.Asked = call.Dialect.Read(body, call.Http.Request.Headers, out var faultyMember);
            if (call.Asked is null) return CallFailed.Malformed(faultyMember!, "is missing or malformed.", call);
            call.Running.IsStreamed = call.Asked.Stream;

            var own = ownKeys.CandidatesFor(call);
            var candidates = own.Count > 0 ? own : directory.Routes.CandidatesFor(call.Identity.Model);
            if (candidates is null) return CallFailed.Of(CallFailure.ModelNotFound, EndCause.ProviderError, call);
            if (call.Identity.Region is { } region)
            {
                candidates = [.. candidates.Where(candidate => candidate.Channel.Region == region)];
                if (candidates.Count == 0) return CallFailed.UnknownRegion(region, call);
            }

            if (call.Asked.Kind is { } kind) candidates = [.. candidates.Select(candidate => candidate with { Kind = kind })];
            return own.Count > 0 ? await ownKeys.RunAsync(call, candidates, ct) : await attempts.RunAsync(call, candidates, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return CallFailed.Stopped(await call.Running.SettleStopCauseAsync(), call);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The gateway's connection broke while its request was read.
            call.Running.Stop(EndCause.PlatformCrash);
            return CallFailed.Stopped(await call.Running.SettleStopCauseAsync(), call);
        }
    }
}
