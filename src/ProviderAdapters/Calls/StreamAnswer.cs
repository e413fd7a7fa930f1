using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Screenings;
using Aigc2d.ProviderAdapters.Streams;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Telemetry;
using Aigc2d.ServiceDefaults.Tokens;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>What every forwarded stream shares.</summary>
internal sealed record StreamParts(IOptions<CallOptions> Options, TimeProvider Time, OutputScreen Screen, EndCall End, GenAiMetrics Metrics);

/// <summary>
/// Forwards one provider's stream to one client.
/// <code>
/// provider ─ pump ─▶ pipe (64 KB) ─ SseReader ─▶ event ─┬─ no text, nothing held ─────────────────▶ client
///                                                       ├─ text, or behind text ─▶ held ─ screen ─▶ client
///                                                       └─ usage ─▶ kept until the end
/// its end ─▶ screen the rest ─▶ record usage ─▶ usage if asked for, the end in the client's dialect ▶ client
/// </code>
/// </summary>
internal sealed class StreamAnswer(ModelCall call, StreamParts parts, IAnswerReader answer, IAnswerWriter writer)
{
    private readonly CallOptions _options = parts.Options.Value;
    private readonly ClientStream _client = new(call, parts.Time);
    private readonly HeldOutput _held = new();
    private readonly StreamedChoices _choices = new();
    private long _heldSince;

    /// <summary>Forwards until the end. Null when the client has a whole answer and its usage is recorded.</summary>
    public async Task<CallFailed?> ForwardAsync(UpstreamPump pump, CancellationToken ct)
    {
        var sse = new SseReader(pump.Output, _options.MaxLineBytes);
        await using var holdTimer = parts.Time.CreateTimer(_ => pump.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var heartbeat = parts.Time.CreateTimer(_ => pump.Wake(), null, _options.HeartbeatInterval, _options.HeartbeatInterval);
        while (true)
        {
            var reading = sse.ReadAsync(ct);
            if (!reading.IsCompleted) await _client.FlushAsync(ct);
            var read = await reading;

            if (read.Kind == SseKind.TooLong) return Broken("a line of the stream is too long");
            if (read.Kind == SseKind.End) return !pump.HasFailed && _choices.AllFinished ? await CompleteAsync(ct) : Broken("the stream broke off");
            if (read.Kind == SseKind.Event)
            {
                if (!TakeEvent(read.Data.Span, holdTimer)) return Refused(read.Data.Span);
                call.Attempt?.BeginWell();
                if (_choices.ArePartlyCut(answer.Choices)) return await EndUnshownAsync(ScreenOutcome.Blocked);
                if (answer.IsEnd) pump.Finish();
                if (answer.IsEnd || _choices.IsOver) return await CompleteAsync(ct);
            }

            if (IsScreeningDue() && await ScreenAsync(ct) is var outcome and not ScreenOutcome.Allowed) return await EndUnshownAsync(outcome);
            if (read.Kind == SseKind.Woken && _held.HasText) ArmHoldTimer(holdTimer);
            if (_client.IsSilentFor(_options.HeartbeatInterval)) ChatFrames.WriteHeartbeat(_client);
        }
    }

    /// <summary>Reads an event and puts it where it belongs; false when it is an error or unreadable.</summary>
    private bool TakeEvent(ReadOnlySpan<byte> data, ITimer holdTimer)
    {
        if (!answer.TryReadEvent(data) || answer.HasError) return false;

        call.Claim = answer.Usage ?? call.Claim;
        if (_choices.AreCut(answer.Choices)) return true;
        foreach (var delta in answer.Deltas)
        {
            if (delta.Text.Length > 0 && !_held.HasText) StartHolding(holdTimer);
            _held.Add(delta);
        }

        var goesOutNow = _held.IsEmpty && !_held.HasText;
        _choices.Add(answer.Choices, goesOutNow);
        if (goesOutNow) _client.Begin();
        writer.WriteEvent(goesOutNow ? _client : _held.Frames, data, answer);
        if (goesOutNow) writer.Commit();
        else _held.EndFrame(answer.Choices.Count == 1 ? answer.Choices[0].Choice : null);
        return true;
    }

    private void StartHolding(ITimer holdTimer)
    {
        if (call.Forwarded.IsEmpty) parts.Metrics.RecordFirstToken(call.Route!.Channel.Provider, call.Identity.Model, call.Running.Elapsed);
        _heldSince = parts.Time.GetTimestamp();
        ArmHoldTimer(holdTimer);
    }

    /// <summary>For what is left of the limit: a timer may fire a moment too early, and nothing else would look at what is held.</summary>
    private void ArmHoldTimer(ITimer holdTimer)
    {
        var left = _options.HoldBackLimit - parts.Time.GetElapsedTime(_heldSince);
        holdTimer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private bool IsScreeningDue() => _held.IsDue || (_held.HasText && parts.Time.GetElapsedTime(_heldSince) >= _options.HoldBackLimit);

    /// <summary>Screens what is held and, if it may be shown, lets it go.</summary>
    private async Task<ScreenOutcome> ScreenAsync(CancellationToken ct)
    {
        await _client.FlushAsync(ct);
        var (outcome, blocked) = await parts.Screen.ScreenAsync(_held.Screenings(call.Identity), _options.ScreeningPatience, ct);
        if (outcome == ScreenOutcome.Blocked && TryGoOnWithout([.. blocked.Select(_held.ChoiceOf)])) return ScreenOutcome.Allowed;
        if (outcome == ScreenOutcome.Allowed) Release();
        return outcome;
    }

    /// <summary>Ends the choices that must not go on, where others of the answer can.</summary>
    private bool TryGoOnWithout(SortedSet<int> choices)
    {
        if (!_choices.CanGoOnWithout(choices)) return false;

        _held.Drop(choices);
        Release();
        foreach (var choice in choices)
        {
            writer.WriteFiltered(_client, choice);
            _choices.Cut(choice);
        }

        return true;
    }

    private void Release()
    {
        _client.Begin();
        _held.Release(_client, _client.WrittenBytes, call.Forwarded);
        writer.Commit();
        _choices.ShowAll();
    }

    private async Task<CallFailed?> CompleteAsync(CancellationToken ct)
    {
        if (_choices.IsEmpty) return Broken("the stream has no choices");
        if (_held.HasText && await ScreenAsync(ct) is var outcome and not ScreenOutcome.Allowed) return await EndUnshownAsync(outcome);
        Release();
        ct.ThrowIfCancellationRequested();

        _client.CountWritten();
        if (_choices.AnyCut) return await FinishAsync(EndCause.OutputCut, CountCall.SoFar(call, EndCause.OutputCut), isClaimed: false);

        var (tokens, isClaimed) = parts.End.Decide(call, TokenEstimate.Count(call.Forwarded.Quarters));
        return await FinishAsync(_choices.AnyFiltered ? EndCause.ContentFilter : EndCause.Completed, tokens, isClaimed);
    }

    /// <summary>What is held will not be shown: refused, and the answer ends there; or not screened, and the call ends as our fault.</summary>
    private async Task<CallFailed?> EndUnshownAsync(ScreenOutcome outcome)
    {
        if (outcome == ScreenOutcome.Unavailable) return CallFailed.OurFault(call);
        var instead = _held.Discard();
        writer.Withdraw();
        foreach (var choice in _choices.Unfinished) writer.WriteFiltered(instead, choice);
        _client.CountWritten();
        return await FinishAsync(EndCause.OutputCut, CountCall.SoFar(call, EndCause.OutputCut), isClaimed: false);
    }

    /// <summary>Usage is committed before the last byte: whoever sees [DONE] pays, whoever does not see it does not.</summary>
    private async Task<CallFailed?> FinishAsync(EndCause cause, TokenCounts tokens, bool isClaimed)
    {
        if (!await parts.End.RecordAsync(call, cause, tokens, cause == EndCause.ContentFilter ? answer.RefusedFor ?? CallRefused.Unspecified : null)) return CallFailed.OurFault(call);

        _client.Begin();
        _held.Release(_client, _client.WrittenBytes, call.Forwarded);
        writer.WriteEnd(_client, tokens, isClaimed);
        await _client.FlushAsync(CancellationToken.None);
        return null;
    }

    private CallFailed Broken(string detail) => CallFailed.Broken(call, detail);

    /// <summary>An event that is an error or unreadable. What an error means matters only while another channel may still be asked.</summary>
    private CallFailed Refused(ReadOnlySpan<byte> data)
    {
        if (!answer.HasError) return Broken("the stream is unreadable");
        var fault = call.Route!.Fault(HttpStatusCode.OK, data, call);
        return call.HasSent ? Broken("the stream broke off with an error") with { Refusal = fault.Refusal } : fault;
    }
}
