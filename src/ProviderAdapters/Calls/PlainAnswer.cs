using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Screenings;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Passes one whole answer on: reads it, screens all of its texts, records its usage, and only then sends it.</summary>
internal sealed class PlainAnswer(OutputScreen screen, EndCall end, IOptions<CallOptions> options)
{
    /// <summary>Null when the client has the answer and its usage is recorded.</summary>
    public async Task<CallFailed?> ForwardAsync(ModelCall call, HttpResponseMessage response, CancellationToken ct)
    {
        if (await ReadAsync(response, ct) is not { } body) return CallFailed.Broken(call, "the answer broke off or is too long");

        var route = call.Route!;
        var (answer, writer) = route.Adapter.Answer(call.Asked!, route.Model);
        if (!answer.TryReadPlain(body.Span)) return CallFailed.Broken(call, "the answer is unreadable");
        if (answer.HasError) return route.Fault(HttpStatusCode.OK, body.Span, call);
        call.Attempt?.BeginWell();

        call.Claim = answer.Usage;
        var held = new HeldOutput();
        foreach (var delta in answer.Deltas) held.Add(delta);
        var screenings = held.Screenings(call.Identity);
        var outcome = screenings.Count == 0 ? ScreenOutcome.Allowed : (await screen.ScreenAsync(screenings, TimeSpan.Zero, ct)).Outcome;
        if (outcome == ScreenOutcome.Unavailable) return CallFailed.OurFault(call);
        ct.ThrowIfCancellationRequested();

        if (outcome == ScreenOutcome.Allowed) Show(answer, call);
        var (tokens, _) = end.Decide(call, held.Tokens);
        var cause = EndCause.Completed;
        string? refusal = null;
        if (outcome == ScreenOutcome.Blocked)
        {
            // Nothing is shown, so of the output nothing is charged.
            (cause, tokens) = (EndCause.OutputCut, tokens with { Output = 0 });
            body = writer.FilteredCompletion(answer, tokens);
        }
        else
        {
            if (answer.Choices.Any(choice => choice.FinishReason == "content_filter")) (cause, refusal) = (EndCause.ContentFilter, answer.RefusedFor ?? CallRefused.Unspecified);
            body = writer.Completion(body, answer, tokens);
        }

        if (!await end.RecordAsync(call, cause, tokens, refusal)) return CallFailed.OurFault(call);

        call.Http.Response.ContentType = "application/json";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body, CancellationToken.None);
        return null;
    }

    private static void Show(IAnswerReader answer, ModelCall call)
    {
        foreach (var delta in answer.Deltas) call.Forwarded.Write(delta.Choice, delta.Text, 0);
        call.Forwarded.Flush(0, call.Counter);
    }

    /// <summary>The whole body; null when it broke off or is too long.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await ProviderHttp.ReadAsync(response, options.Value.MaxPlainBytes, ct);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
