using System.Net;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Routing;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>One call on its way: who asks, what was asked, whom it was passed to, what has been sent back so far.</summary>
internal sealed class ModelCall(HttpContext http, RunningCall running, IClientDialect dialect)
{
    public HttpContext Http { get; } = http;

    public RunningCall Running { get; } = running;

    /// <summary>What the client speaks.</summary>
    public IClientDialect Dialect { get; } = dialect;

    public CallIdentity Identity => Running.Identity;

    /// <summary>What the client asks for; null until its body has been read.</summary>
    public ClientCall? Asked { get; set; }

    /// <summary>Whom the call was passed to last; null until a channel was picked.</summary>
    public CallRoute? Route
    {
        get;
        set
        {
            field = value;
            Claim = null;
        }
    }

    /// <summary>The attempt under way, or the last one.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>Whether anything has gone out to the client, after which no other channel can help.</summary>
    public bool HasSent => Http.Response.HasStarted || Http.Response.BodyWriter.UnflushedBytes > 0;

    /// <summary>What was recorded.</summary>
    public TokenCounts Recorded { get; set; }

    /// <summary>The text that has gone out to the client.</summary>
    public ForwardedText Forwarded { get; } = new();

    /// <summary>What the provider that is asked has claimed by now; null when it has said nothing.</summary>
    public ClaimedUsage? Claim { get; set; }

    /// <summary>Whether the call has its usage row; it gets one, however it ends.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>The name that says how the model counts: the provider's own, unless only the customer's is a known one.</summary>
    public string CountedModel => Route?.Model.CountedName() ?? Identity.Model;

    /// <summary>What counts this call's texts when we have to.</summary>
    public TokenCounter Counter => TokenCounter.For(Route?.Channel.Provider, CountedModel);
}

/// <summary>A channel, its name for the model in question, and the adapter that speaks its family's dialect.</summary>
internal sealed record CallRoute(Channel Channel, ChannelModel Model, IProviderAdapter Adapter)
{
    /// <summary>What an answer that is none means, and what the provider says about it.</summary>
    public CallFailed Fault(HttpStatusCode status, ReadOnlySpan<byte> body, ModelCall call, TimeSpan? restFor = null)
    {
        var fault = For(call.Asked!, status, Adapter.Judge(status, body, Channel, Model));
        return CallFailed.Of(fault with { RestFor = restFor ?? fault.RestFor }, call) with
        {
            Detail = $"status {(int)status}",
            Words = $"status {(int)status}: {Adapter.Describe(body, Channel, Model)}",
        };
    }

    /// <summary>
    /// Adapters judge as if a chat had been asked for. A 403 to anything else may only mean that this model does not do such things, which anybody
    /// can bring about: the account must not rest for it.
    /// </summary>
    private static ProviderFault For(ClientCall asked, HttpStatusCode status, ProviderFault fault)
    {
        if (fault.Error.Param is { } member) fault = fault with { Error = fault.Error with { Param = asked.NameOf(member) } };
        return asked.Kind is not null && status == HttpStatusCode.Forbidden && fault.Scope == FaultScope.Account ? fault with { Scope = FaultScope.Model } : fault;
    }
}
