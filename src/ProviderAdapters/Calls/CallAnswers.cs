using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The ways to answer a client: plain, as a stream, or with the word that it failed.</summary>
internal sealed class CallAnswers(StreamParts parts, PlainAnswer plain, EndCall end, TimeProvider time)
{
    private const int DefaultRetryAfterSeconds = 1;

    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(2);

    public EndCall End { get; } = end;

    public PlainAnswer Plain { get; } = plain;

    public StreamAnswer Stream(ModelCall call)
    {
        var (reader, writer) = call.Route!.Adapter.Answer(call.Asked!, call.Route.Model);
        return new StreamAnswer(call, parts, reader, writer);
    }

    /// <summary>Records the end and tells the client: with a status while nothing has been sent, else with an error frame and a broken connection.</summary>
    public async Task FailAsync(ModelCall call, CallFailed failed)
    {
        // What is written and waits for a flush goes out with the error frame.
        if (WritesErrorFrame(call, failed)) call.Forwarded.Flush(long.MaxValue, call.Counter);
        if (!call.IsRecorded) await End.RecordAsync(call, failed.Cause, CountCall.SoFar(call, failed.Cause), failed.Refusal);

        if (call.Http.RequestAborted.IsCancellationRequested) return;
        if (call.HasSent) await BreakAsync(call, failed);
        else await WriteAsync(call, failed);
    }

    private static bool WritesErrorFrame(ModelCall call, CallFailed failed) =>
        failed.Cause != EndCause.ClientAbort && call.HasSent && !call.Http.RequestAborted.IsCancellationRequested;

    private static async Task WriteAsync(ModelCall call, CallFailed failed)
    {
        var response = call.Http.Response;
        response.StatusCode = failed.Status;
        response.ContentType = "application/json";
        response.Headers[CallHeaders.Failure] = JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Failure.ToString());
        if (failed.Failure is CallFailure.RateLimited or CallFailure.NoChannel or CallFailure.Unavailable || failed is { Failure: CallFailure.OwnKey, RetryAfterSeconds: not null })
        {
            response.Headers.RetryAfter = $"{failed.RetryAfterSeconds ?? DefaultRetryAfterSeconds}";
        }

        var body = call.Dialect.ErrorBody(failed.Error, failed.Status, call.Identity.RequestId);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }

    /// <summary>One official client library sees only the error frame, another only the broken connection.</summary>
    private async Task BreakAsync(ModelCall call, CallFailed failed)
    {
        var http = call.Http;
        if (WritesErrorFrame(call, failed))
        {
            call.Dialect.WriteErrorFrame(http.Response.BodyWriter, ClientError.OfBrokenStream(failed.Cause), failed.Status, call.Identity.RequestId);
            using var limit = new CancellationTokenSource(SendLimit, time);
            Task flushed = http.Response.BodyWriter.FlushAsync(limit.Token).AsTask();
            await flushed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Aborting throws away what the connection has not sent yet. One that gets no more to send, sends it all and closes: no client takes that for a
            // good end. Services speak HTTP/1.1 to each other, so the connection is this call's alone.
            await http.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.CompleteAsync();
            Task closed = Task.Delay(SendLimit, time, http.RequestAborted);
            await closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        http.Abort();
    }
}
