using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>ProviderAdapters: answers calls as a test scripts it, and remembers calls and aborts.</summary>
public sealed class AdaptersStandIn : StandIn
{
    public const string Completion = """{"id":"chatcmpl-1","object":"chat.completion","choices":[]}""";
    public static readonly DateTimeOffset CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Answers every call, whatever its kind.</summary>
    public RequestDelegate Answer { get; set; } = context => JsonAsync(context, Completion);

    public RoutedModel[] RoutedModels { get; set; } = [Routed("gpt-4o-mini")];

    /// <summary>The calls that were made.</summary>
    public ConcurrentQueue<Asked> Calls { get; } = new();

    /// <summary>The request ids whose client has gone, in order.</summary>
    public ConcurrentQueue<Guid> Aborts { get; } = new();

    /// <summary>How much of the answer had been passed on, for each of them.</summary>
    public ConcurrentQueue<long> SentBytes { get; } = new();

    public static RoutedModel Routed(string name) => new() { Name = name, Providers = ["openai"], Available = true, CreatedAt = CreatedAt };

    public static Task JsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>Streams pieces, flushing each, with a step before each piece after the first.</summary>
    public static RequestDelegate Streaming(IReadOnlyList<byte[]> pieces, Func<int, Task>? before = null) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.BodyWriter.FlushAsync();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (i > 0 && before is not null) await before(i);
            await context.Response.BodyWriter.WriteAsync(pieces[i]);
        }
    };

    /// <summary>Makes the server send what is written so far and close the connection without the end mark.</summary>
    public static Exception BreakOff() => new IOException("The provider broke off.");

    /// <summary>Fails as the contract says: a status and the failure's name in a header.</summary>
    public static RequestDelegate Failing(string failure, int status, string? body = null) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers[CallHeaders.Failure] = failure;
        return body is null ? Task.CompletedTask : JsonAsync(context, body);
    };

    protected override async Task<bool> TryAnswerAsync(HttpContext context, Asked asked)
    {
        switch (asked.Method, asked.Target)
        {
            case ("POST", var call) when asked.Headers.ContainsKey(CallHeaders.RequestId) && !call.EndsWith("/abort", StringComparison.Ordinal) && call is not ("/internal/moderations" or "/internal/messages/count_tokens"):
                Calls.Enqueue(asked);
                await Answer(context);
                return true;
            case ("GET", "/internal/models"):
                return await WriteAsync(context, new RoutedModelsResponse { Models = RoutedModels });
            case ("POST", var target) when target.EndsWith("/abort", StringComparison.Ordinal):
                SentBytes.Enqueue(JsonDocument.Parse(asked.Body).RootElement.GetProperty("sentBytes").GetInt64());
                Aborts.Enqueue(Guid.Parse(target.Split('/')[3]));
                context.Response.StatusCode = 204;
                return true;
            default:
                return false;
        }
    }
}
