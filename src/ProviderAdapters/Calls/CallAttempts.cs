using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.Routing;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>
/// Tries channels until one answers: another one at once, the same one after a pause, at most as often and as long as the policies allow, and
/// only while nothing has gone out to the client. One hold stands for all attempts, and the last one is recorded.
/// </summary>
internal sealed class CallAttempts
{
    private static readonly ResiliencePropertyKey<AttemptRun> RunKey = new("aigc2d.run");

    private readonly AskProvider _ask;
    private readonly AdapterFamilies _families;
    private readonly AttemptPolicies _policies;
    private readonly ResiliencePipeline<CallFailed?> _retries;

    public CallAttempts(AskProvider ask, AdapterFamilies families, AttemptPolicies policies, IOptions<RoutingOptions> options, TimeProvider time)
    {
        _ask = ask;
        _families = families;
        _policies = policies;
        _retries = new ResiliencePipelineBuilder<CallFailed?> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<CallFailed?>
            {
                MaxRetryAttempts = options.Value.Retries,
                ShouldHandle = static args => ValueTask.FromResult(RunOf(args.Context).MayGoOn(args.Outcome, args.AttemptNumber)),
                DelayGenerator = static args => ValueTask.FromResult<TimeSpan?>(RunOf(args.Context).Pause),
            })
            .Build();
    }

    /// <summary>Null when the client has its answer.</summary>
    public async Task<CallFailed?> RunAsync(ModelCall call, IReadOnlyList<Candidate> candidates, CancellationToken ct)
    {
        using var run = new AttemptRun(call, candidates, _policies);
        if (!run.TakeFirst()) return run.NoneUsable();

        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(RunKey, run);
        try
        {
            var last = await _retries.ExecuteAsync(static (context, chats) => chats.TryNextAsync(RunOf(context), context.CancellationToken), context, this);
            return last is null ? null : run.MostTelling(last);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static AttemptRun RunOf(ResilienceContext context) => context.Properties.GetValue(RunKey, null!);

    private async ValueTask<CallFailed?> TryNextAsync(AttemptRun run, CancellationToken ct)
    {
        // What was usable before the pause may be so no more: then the last failure stands.
        if (run.Next() is not { } attempt) return run.Last;

        var (channel, model) = attempt.Candidate;
        run.Call.Route = new CallRoute(channel, model, _families[channel.Provider]);
        run.Call.Attempt = attempt;
        return await _ask.AskAsync(run.Call, ct);
    }
}

/// <summary>What all calls' attempts share.</summary>
internal sealed record AttemptPolicies(
    SelectChannel Select, ChannelHealths Healths, RetryBudget Budget, RoutingMetrics Metrics, RunningCalls Calls, IOptions<RoutingOptions> Options, Random Random, TimeProvider Time);
