using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.ProviderKeys;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Calls over an account's own keys: where a key of its own serves the model, the platform's channels are not asked, for they would be charged in full.</summary>
internal sealed class OwnKeyCalls(ProviderKeyDirectory keys, CallAttempts attempts, ChannelHealths healths, TimeProvider time)
{
    /// <summary>The account's own ways to the model, those out of use too; empty when the call goes over the platform's channels.</summary>
    public IReadOnlyList<Candidate> CandidatesFor(ModelCall call) => keys.CandidatesFor(call.Identity.AccountId, call.Identity.Model);

    /// <summary>Null when the client has its answer; else what its owner is told about the key.</summary>
    public async Task<CallFailed?> RunAsync(ModelCall call, IReadOnlyList<Candidate> own, CancellationToken ct)
    {
        Candidate[] usable = [.. own.Where(candidate => candidate.Channel.IsActive)];
        if (usable.Length == 0) return OwnKeyFault.Unusable(own[0].Channel, call);
        if (await attempts.RunAsync(call, usable, ct) is not { } failed) return null;

        return failed.Via is { } asked ? OwnKeyFault.Explain(failed, asked, call) : AtRest(failed, usable[0], call);
    }

    /// <summary>No key was asked, because what the provider said before still stands.</summary>
    private CallFailed AtRest(CallFailed failed, Candidate candidate, ModelCall call)
    {
        var now = time.GetUtcNow();
        var health = healths.Of(candidate.Channel);
        var model = health.Model(candidate.HealthName);
        var rest = health.Rest?.IsOver(now) == false ? health.Rest : model.Rest?.IsOver(now) == false ? model.Rest : null;
        var end = rest?.Cause switch
        {
            RestCause.Account => AttemptEnd.AccountFault,
            RestCause.Model => AttemptEnd.ModelFault,
            RestCause.RateLimit => AttemptEnd.Limited,
            _ => AttemptEnd.Failed,
        };
        return OwnKeyFault.Explain(failed with { End = end, Words = model.LastError?.Text }, candidate.Channel, call);
    }
}
