using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Moderation: allows everything unless told otherwise, and remembers what it was to judge.</summary>
public sealed class ModerationStandIn : StandIn
{
    public static readonly Verdict Allow = new() { Action = VerdictAction.Allow };

    private int _looking;

    public Func<Screening, Verdict> Judge { get; set; } = _ => Allow;

    /// <summary>What it says after a provider's moderation was asked; null for 503.</summary>
    public Func<Screening, Verdict?> JudgeWithProvider { get; set; } = _ => Allow;

    /// <summary>What it says of an image, by its address: a verdict, or another status.</summary>
    public Func<string, (int Status, Verdict? Verdict)> Look { get; set; } = _ => (200, Allow);

    /// <summary>Holds words on images back until it is completed.</summary>
    public Task ImageGate { get; set; } = Task.CompletedTask;

    /// <summary>The most images that were looked at at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The addresses of the images that were to be looked at, in order.</summary>
    public ConcurrentQueue<string> Images { get; } = new();

    /// <summary>What it finds in the texts of one input.</summary>
    public Func<string[], Classification> Classify { get; set; } = _ => new Classification { Scores = new Dictionary<string, double>() };

    /// <summary>Holds verdicts back until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ConcurrentQueue<Screening> Screenings { get; } = new();

    protected override async Task<bool> TryAnswerAsync(HttpContext context, Asked asked)
    {
        if ((asked.Method, asked.Target) == ("POST", "/internal/classifications"))
        {
            var inputs = JsonSerializer.Deserialize<ClassifyRequest>(asked.Body, Json)!.Inputs;
            return await WriteAsync(context, new ClassifyResponse { Results = [.. inputs.Select(Classify)] });
        }

        if ((asked.Method, asked.Target) == ("POST", "/internal/screenings/provider"))
        {
            var verdict = JudgeWithProvider(JsonSerializer.Deserialize<Screening>(asked.Body, Json)!);
            if (verdict is not null) return await WriteAsync(context, verdict);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return true;
        }

        if ((asked.Method, asked.Target) == ("POST", "/internal/screenings/image")) return await LookAsync(context, JsonSerializer.Deserialize<string>(asked.Body)!);
        if ((asked.Method, asked.Target) != ("POST", "/internal/screenings")) return false;

        var screenings = JsonSerializer.Deserialize<ScreenRequest>(asked.Body, Json)!.Screenings;
        foreach (var screening in screenings) Screenings.Enqueue(screening);
        await Gate;
        return await WriteAsync(context, new ScreenResponse { Verdicts = [.. screenings.Select(Judge)] });
    }
    private async Task<bool> LookAsync(HttpContext context, string address)
    {
        Images.Enqueue(address);
        var atOnce = Interlocked.Increment(ref _looking);
        lock (Images) MostAtOnce = Math.Max(MostAtOnce, atOnce);
        await ImageGate.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _looking);
        var (status, verdict) = Look(address);
        if (verdict is not null) return await WriteAsync(context, verdict);
        context.Response.StatusCode = status;
        return true;
    }
}
