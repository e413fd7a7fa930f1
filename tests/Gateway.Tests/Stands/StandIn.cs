using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.ServiceDefaults;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>One service behind the gateway. It can be well, down (connections break) or silent (nothing is ever answered).</summary>
public abstract class StandIn
{
    protected static readonly JsonSerializerOptions Json = ServiceExtensions.ApplyTo(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public Uri? Address { get; set; }

    public bool IsDown { get; set; }

    public bool IsSilent { get; set; }

    /// <summary>Every request: method, path with query, headers, body.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Answers for routes that a test scripts itself, by method and path.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Routes { get; } = new();

    public async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var asked = new Asked(request.Method, request.Path + request.QueryString, request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Requests.Enqueue(asked);

        if (IsDown) context.Abort();
        else if (IsSilent) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        else if (Routes.TryGetValue($"{request.Method} {request.Path}", out var scripted)) await scripted(context);
        else if (!await TryAnswerAsync(context, asked)) context.Response.StatusCode = 404;
    }

    protected abstract Task<bool> TryAnswerAsync(HttpContext context, Asked asked);

    protected static async Task<bool> WriteAsync<T>(HttpContext context, T answer)
    {
        await context.Response.WriteAsJsonAsync(answer, Json);
        return true;
    }
}

/// <summary>One request that a stand-in was asked.</summary>
public sealed record Asked(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
