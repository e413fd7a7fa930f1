using System.Text.Json;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>A provider in OpenAI's dialect that does whatever a test writes, where the Sandbox is too well-behaved.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RawProvider(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Starts one.</summary>
    /// <param name="answer">What it does with a request and its body.</param>
    public static async Task<RawProvider> StartAsync(Func<HttpContext, JsonElement, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{TestSockets.FreePort()}");
        app.MapPost("/{**route}", async (HttpContext http) => await answer(http, (await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body))!));
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Begins a stream.</summary>
    public static void Begin(HttpContext http) => http.Response.ContentType = "text/event-stream";

    /// <summary>Sends a piece of a choice; a finish reason ends it.</summary>
    public static Task SayAsync(HttpContext http, string? text, int choice = 0, string? finishReason = null) => SendAsync(http, JsonSerializer.Serialize(new
    {
        id = "chatcmpl-raw",
        @object = "chat.completion.chunk",
        created = 1_767_225_600,
        model = "gpt-4o-mini",
        choices = new[] { new { index = choice, delta = text is null ? (object)new { } : new { role = "assistant", content = text }, finish_reason = finishReason } },
    }));

    /// <summary>Sends a frame of any content.</summary>
    public static async Task SendAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }
}
