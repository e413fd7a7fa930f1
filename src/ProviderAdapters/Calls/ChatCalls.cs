using System.Buffers;
using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Streams;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Takes a chat call through its steps: read the body, pick a channel, ask, forward; and sees to it that it ends with a record.</summary>
internal sealed class ChatCalls(RunningCalls calls, ChannelDirectory directory, OpenAiUpstream upstream, ChatAnswers answers, ILogger<ChatCalls> logger)
{
    private const int MaxErrorBytes = 64 * 1024;
    private static readonly TimeSpan ErrorReadLimit = TimeSpan.FromSeconds(5);

    public async Task AnswerAsync(ChatCall call)
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

    private async Task<CallFailed?> TryAnswerAsync(ChatCall call)
    {
        var ct = call.Running.Stopped;
        try
        {
            var body = await ReadBodyAsync(call.Http.Request, ct);
            if (calls.IsDraining) return CallFailed.Of(CallFailure.Unavailable, EndCause.DrainCut, call);

            call.Shape = ChatRequestShape.Read(body.Span, out var faultyMember);
            if (call.Shape is null) return Malformed(call, faultyMember!);

            call.Route = directory.Routes.Pick(call.Identity.Model, Random.Shared, out var isKnown);
            if (call.Route is null) return CallFailed.Of(isKnown ? CallFailure.NoChannel : CallFailure.ModelNotFound, EndCause.ProviderError, call);

            return await AskAsync(call, body, ct);
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

    private async Task<CallFailed?> AskAsync(ChatCall call, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var (channel, model) = call.Route!;
        var request = new JsonPieces(call.Shape!.Apply(body, model.Upstream), () => call.Running.ProviderAccepted = true);
        call.Running.AwaitFirstByte();
        var response = await upstream.SendChatAsync(channel, request, call.Shape.Stream, ct);

        if (response.StatusCode == HttpStatusCode.OK && call.Shape.Stream)
        {
            using var pump = new UpstreamPump(response, call.Running.FirstByteArrived, ct);
            return await answers.Stream(call).ForwardAsync(pump, ct);
        }

        using (response)
        {
            call.Running.FirstByteArrived();
            return response.StatusCode == HttpStatusCode.OK
                ? await answers.Plain.ForwardAsync(call, response, ct)
                : await JudgeAsync(call, response, ct);
        }
    }

    private async Task<CallFailed> JudgeAsync(ChatCall call, HttpResponseMessage response, CancellationToken ct)
    {
        var (channel, model) = call.Route!;
        var body = await ReadErrorAsync(response, ct);
        var (failure, status, error) = UpstreamError.Judge(response.StatusCode, body, channel, model);
        logger.LogWarning("Channel {ChannelId} answered {Status}, taken as {Failure}", channel.Id, (int)response.StatusCode, failure);
        return CallFailed.Of(failure, EndCause.ProviderError, call) with
        {
            Status = status,
            Error = error,
            RetryAfterSeconds = response.Headers.RetryAfter?.Delta is { } delta ? (int)Math.Clamp(Math.Ceiling(delta.TotalSeconds), 0, 3600) : null,
        };
    }

    private static CallFailed Malformed(ChatCall call, string member) => CallFailed.Of(CallFailure.InvalidRequest, EndCause.ProviderError, call) with
    {
        Error = new OpenAiError($"'{member}' is missing or malformed.", "invalid_request_error", member, "invalid_value"),
    };

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
