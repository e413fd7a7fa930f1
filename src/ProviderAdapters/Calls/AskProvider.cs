using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Routing;
using Aigc2d.ProviderAdapters.Streams;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>One attempt: translates the call, asks one channel and passes its answer on. Repeats nothing.</summary>
internal sealed class AskProvider
{
    private const int MaxErrorBytes = 64 * 1024;
    private static readonly TimeSpan ErrorReadLimit = TimeSpan.FromSeconds(5);

    private readonly CallAnswers _answers;
    private readonly ILogger<AskProvider> _logger;
    private readonly ResiliencePipeline<Beginning> _firstByte;

    public AskProvider(CallAnswers answers, IOptions<CallOptions> options, TimeProvider time, ILogger<AskProvider> logger)
    {
        _answers = answers;
        _logger = logger;
        _firstByte = new ResiliencePipelineBuilder<Beginning> { TimeProvider = time }.AddTimeout(options.Value.FirstByteLimit).Build();
    }

    /// <summary>Null when the client has its answer.</summary>
    public async Task<CallFailed?> AskAsync(ModelCall call, CancellationToken ct)
    {
        var failed = await TryAskAsync(call, ct);
        if (failed?.Detail is { } detail)
            _logger.LogWarning("Channel {ChannelId} could not answer {RequestId}, {End}: {Detail}", call.Route!.Channel.Id, call.Identity.RequestId, failed.End, detail);
        call.Attempt!.End(failed?.End ?? AttemptEnd.Answered, failed?.RestFor, failed?.ForOperators);
        return failed;
    }

    private async Task<CallFailed?> TryAskAsync(ModelCall call, CancellationToken ct)
    {
        try
        {
            var (_, model, adapter) = call.Route!;
            var body = adapter.Translate(call.Asked!, model);
            using var request = new JsonPieces(body, call.Running.BeginAttempt());
            using var begun = await _firstByte.ExecuteAsync(
                static async (asked, token) => await BeginAsync(asked.Call, asked.Request, token), (Call: call, Request: request), ct);
            call.Running.FirstByteArrived();

            if (begun.Pump is { } pump) return await _answers.Stream(call).ForwardAsync(pump, ct);
            return begun.Response.StatusCode == HttpStatusCode.OK && !call.Asked!.Stream
                ? await _answers.Plain.ForwardAsync(call, begun.Response, ct)
                : call.Route.Fault(begun.Response.StatusCode, await ReadErrorAsync(begun.Response, ct), call, begun.RestFor);
        }
        catch (UntranslatableException unspeakable)
        {
            return CallFailed.Malformed(call.Asked!.NameOf(unspeakable.Param), unspeakable.Message, call, unspeakable.Code) with { End = AttemptEnd.Unspeakable };
        }
        catch (TimeoutRejectedException timeout)
        {
            return CallFailed.Of(CallFailure.ProviderTimeout, EndCause.ProviderTimeout, call) with { End = AttemptEnd.TimedOut, Detail = $"no answer within {timeout.Timeout.TotalSeconds} s" };
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Also a connect time-out, which looks like a cancellation that nobody asked for.
            return CallFailed.Of(CallFailure.ProviderError, EndCause.ProviderError, call) with { End = AttemptEnd.Unreachable, Detail = $"not reached: {ReasonOf(exception)}" };
        }
    }

    /// <summary>Sends the request and waits for the first byte: of a stream that of its body, for some providers send headers long before they know.</summary>
    private static async Task<Beginning> BeginAsync(ModelCall call, HttpContent request, CancellationToken ct)
    {
        var (channel, model, adapter) = call.Route!;
        var response = await adapter.SendAsync(channel, model, call.Asked!, request, ct);
        if (!call.Asked!.Stream || !IsStream(response)) return new Beginning(response, null, call.Attempt!.Hear(response));

        var pump = new UpstreamPump(response, call.Running.Stopped);
        try
        {
            await pump.Begun.WaitAsync(ct);
        }
        catch
        {
            pump.Dispose();
            throw;
        }

        return new Beginning(response, pump, call.Attempt!.Hear(response));
    }

    /// <summary>Some providers answer the wish for a stream with an error under status 200; its content type gives it away.</summary>
    private static bool IsStream(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType != "application/json";

    private static string ReasonOf(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? known.HttpRequestError.ToString() : exception.GetType().Name;

    /// <summary>The words of an error, as far as they come in time; its status has said the essential.</summary>
    private static async Task<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ErrorReadLimit);
        try
        {
            await using var source = await response.Content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[MaxErrorBytes];
            var length = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
            return buffer[..length];
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return [];
        }
    }

    /// <summary>A provider's answer that has begun; the pump is there for a stream and owns the response then.</summary>
    private sealed record Beginning(HttpResponseMessage Response, UpstreamPump? Pump, TimeSpan? RestFor) : IDisposable
    {
        public void Dispose()
        {
            if (Pump is null) Response.Dispose();
            else Pump.Dispose();
        }
    }
}
