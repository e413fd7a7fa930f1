using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Moderation.Tests.Providers;

/// <summary>ProviderAdapters as Moderation sees it: answers <c>/internal/moderations</c> with what a test wants flagged.</summary>
internal sealed class ProviderStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProviderStandIn(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    /// <summary>What is flagged, with its score.</summary>
    public Dictionary<string, double> Flagged { get; set; } = [];

    /// <summary>Takes the place of the answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>The bodies and models that came.</summary>
    public ConcurrentQueue<(string? Model, JsonElement Body)> Asked { get; } = new();

    public static async Task<ProviderStandIn> StartAsync()
    {
        var url = $"http://127.0.0.1:{TestSockets.FreePort()}";
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add(url);
        var standIn = new ProviderStandIn(app, url);
        app.MapPost("/internal/moderations", standIn.AnswerAsync);
        await app.StartAsync();
        return standIn;
    }

    /// <summary>What takes the place of an answer: "no channel", "at fault", "broken", "not json", "no results" or "silent".</summary>
    public static Func<HttpContext, Task> Failing(string failure) => context =>
    {
        switch (failure)
        {
            case "no channel" or "at fault":
                context.Response.StatusCode = failure == "at fault" ? 400 : 404;
                return Task.CompletedTask;
            case "broken":
                context.Abort();
                return Task.CompletedTask;
            case "not json" or "no results":
                return context.Response.WriteAsync(failure == "not json" ? "{" : "{}");
            default:
                return Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue((context.Request.Headers[CallHeaders.Model], await context.Request.ReadFromJsonAsync<JsonElement>()));
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        var categories = Flagged.Keys.Append("violence/graphic").Distinct().ToDictionary(name => name, Flagged.ContainsKey);
        var scores = Flagged.Append(new("violence/graphic", 0.01)).DistinctBy(score => score.Key).ToDictionary();
        await context.Response.WriteAsJsonAsync(new { id = "modr-1", model = "omni-moderation-latest", results = new[] { new { flagged = Flagged.Count > 0, categories, category_scores = scores } } });
    }
}
