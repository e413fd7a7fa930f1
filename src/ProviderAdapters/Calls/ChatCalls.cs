using System.Buffers;
using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.ProviderKeys;
using Aigc2d.ProviderAdapters.Streams;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Takes a chat call through its steps: read the body, pick a channel, ask, forward; and sees to it that it ends with a record.</summary>
internal sealed class ChatCalls(RunningCalls calls, ChannelDirectory directory, ProviderKeyDirectory ownKeys, AdapterFamilies families, ChatAnswers answers, ILogger<ChatCalls> logger)
{
    private const int MaxErrorBytes = 64 * 1024;
    private static readonly TimeSpan ErrorReadLimit = TimeSpan.FromSeconds(5);

    public async Task AnswerAsync(ChatCall call)
    {
        try
        {
            if (await TryAnswerAsync(call) is { } failed) await answers.FailAsync(call, OwnKeyFault.Explain(failed, call));
        }
        finally
        {
            // Reached without a record only by a bug: the caller is not charged for it.
            if (!call.IsRecorded) await answers.End.RecordAsync(call, EndCause.PlatformCrash, TokenCounts.None);
        }
    }

    private async Task<CallFailed?> TryAnswerAsync(ChatCall call)
    {
        var ct = call.Running.Stopped;
        try
        {
            var body = await ReadBodyAsync(call.Http.Request, ct);
            if (calls.IsDraining) return CallFailed.Of(CallFailure.Unavailable, EndCause.DrainCut, call);

            if (ChatRequestShape.Read(body.Span, out var faultyMember) is not { } shape) return CallFailed.Malformed(faultyMember!, "is missing or malformed.", call);
            call.Chat = new ClientChat(body, shape);

            var isKnown = true;
            var own = ownKeys.CandidatesFor(call.Identity.AccountId, call.Identity.Model);
            var picked = own.Count > 0 ? own[Random.Shared.Next(own.Count)] : directory.Routes.Pick(call.Identity.Model, Random.Shared, out isKnown);
            if (picked is null) return CallFailed.Of(isKnown ? CallFailure.NoChannel : CallFailure.ModelNotFound, EndCause.ProviderError, call);

            call.Route = new ChatRoute(picked.Channel, picked.Model, families[picked.Channel.Provider]);
            if (!picked.Channel.IsActive) return OwnKeyFault.Unusable(call);
            return await AskAsync(call, ct);
        }
        catch (UntranslatableException unspeakable)
        {
            return CallFailed.Malformed(unspeakable.Param, unspeakable.Message, call);
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
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Also a connect time-out, which looks like a cancellation that nobody asked for.
            logger.LogWarning("Channel {ChannelId} could not be asked: {Reason}", call.Route?.Channel.Id, exception.GetType().Name);
            return CallFailed.Of(CallFailure.ProviderError, EndCause.ProviderError, call);
        }
    }

    private async Task<CallFailed?> AskAsync(ChatCall call, CancellationToken ct)
    {
        var (channel, model, adapter) = call.Route!;
        var stream = call.Chat!.Shape.Stream;
        using var request = new JsonPieces(adapter.Translate(call.Chat, model), () => call.Running.ProviderAccepted = true);
        call.Running.AwaitFirstByte();
        var response = await adapter.SendChatAsync(channel, model, request, stream, ct);

        if (stream && IsStream(response))
        {
            using var pump = new UpstreamPump(response, call.Running.FirstByteArrived, ct);
            return await answers.Stream(call).ForwardAsync(pump, ct);
        }

        using (response)
        {
            call.Running.FirstByteArrived();
            return response.StatusCode == HttpStatusCode.OK && !stream
                ? await answers.Plain.ForwardAsync(call, response, ct)
                : await JudgeAsync(call, response, ct);
        }
    }

    /// <summary>Some providers answer the wish for a stream with an error under status 200; its content type gives it away.</summary>
    private static bool IsStream(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType != "application/json";

    private async Task<CallFailed> JudgeAsync(ChatCall call, HttpResponseMessage response, CancellationToken ct)
    {
        var (channel, model, adapter) = call.Route!;
        var body = await ReadErrorAsync(response, ct);
        var fault = adapter.Judge(response.StatusCode, body, channel, model);
        logger.LogWarning("Channel {ChannelId} answered {Status}, taken as {Failure}", channel.Id, (int)response.StatusCode, fault.Failure);
        return CallFailed.Of(fault with { RestFor = response.Headers.RetryAfter?.Delta ?? fault.RestFor }, call) with { Refusal = UpstreamRefusal.Of(fault, response.StatusCode, body, call.Route!) };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, 32 * 1024 * 1024));
        while (await request.Body.ReadAsync(buffer.GetMemory(), ct) is var count and > 0) buffer.Advance(count);
        return buffer.WrittenMemory;
    }

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
}
