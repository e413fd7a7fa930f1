using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Moderation: allows everything unless told otherwise, and remembers what it was to judge.</summary>
public sealed class ModerationStandIn : StandIn
{
    public static readonly Verdict Allow = new() { Action = VerdictAction.Allow };

    public Func<Screening, Verdict> Judge { get; set; } = _ => Allow;

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

        if ((asked.Method, asked.Target) != ("POST", "/internal/screenings")) return false;

        var screenings = JsonSerializer.Deserialize<ScreenRequest>(asked.Body, Json)!.Screenings;
        foreach (var screening in screenings) Screenings.Enqueue(screening);
        await Gate;
        return await WriteAsync(context, new ScreenResponse { Verdicts = [.. screenings.Select(Judge)] });
    }
}
