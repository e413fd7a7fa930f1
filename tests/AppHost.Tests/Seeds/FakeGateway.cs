using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc2d.AppHost.Tests.Seeds;

/// <summary>Remembers what is created through the admin listener, as the Gateway with its services would.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _web;

    private FakeGateway(WebApplication web) => _web = web;

    public ConcurrentDictionary<string, JsonNode> Prices { get; } = new();

    public List<JsonNode> Channels { get; } = [];

    public List<JsonNode> Accounts { get; } = [];

    /// <summary>How many of the next requests find the services behind the Gateway still cold.</summary>
    public int ColdRequests { get; set; }

    /// <summary>Every change that was asked for, in order.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    public static async Task<FakeGateway> StartAsync(RunSettings settings, string adminKey)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, settings.Port);
            kestrel.Listen(IPAddress.Loopback, settings.AdminPort);
        });
        var gateway = new FakeGateway(builder.Build());
        gateway._web.Use((context, next) => gateway.AuthenticateAsync(context, next, settings, adminKey));
        gateway.Map();
        await gateway._web.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private Task AuthenticateAsync(HttpContext context, RequestDelegate next, RunSettings settings, string adminKey)
    {
        var key = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var known = context.Connection.LocalPort == settings.AdminPort ? key == adminKey : Accounts.Any(account => (string?)account["key"]!["key"] == key);
        if (known && ColdRequests-- <= 0)
        {
            return next(context);
        }

        if (known)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private void Map()
    {
        _web.MapGet("/v1/models", () => Results.Json(new { data = Array.Empty<string>() }));
        _web.MapGet("/admin/prices", (string model) => Prices.TryGetValue(model, out var price) ? List([price]) : List([]));
        _web.MapPut("/admin/prices", (JsonNode[] rows) =>
        {
            Changes.Enqueue($"PUT prices {rows.Length}");
            Array.ForEach(rows, row => Prices[(string)row["model"]!] = row);
            return Results.Json(new { priceVersion = 1 });
        });
        _web.MapGet("/admin/channels", () => List(Channels));
        _web.MapPost("/admin/channels", (JsonNode channel) =>
        {
            Changes.Enqueue($"POST channel {channel["name"]}");
            channel["id"] = $"channel-{Channels.Count}";
            channel["credentialLast4"] = ((string)channel["credential"]!)[^4..];
            Channels.Add(channel);
            return Results.Json(channel, statusCode: StatusCodes.Status201Created);
        });
        _web.MapPatch("/admin/channels/{id}", (string id, JsonNode change) =>
        {
            Changes.Enqueue($"PATCH {id} {change.ToJsonString()}");
            return Results.Json(change);
        });
        _web.MapPost("/admin/accounts", (JsonNode account) =>
        {
            Changes.Enqueue($"POST account {account["name"]} {account["micropoints"]}");
            var created = JsonSerializer.SerializeToNode(new { id = $"account-{Accounts.Count}", key = new { id = "key", key = $"AIGC2D-{Guid.CreateVersion7()}", last4 = "0000" } })!;
            Accounts.Add(created);
            return Results.Json(created, statusCode: StatusCodes.Status201Created);
        });
    }

    private static IResult List(IReadOnlyCollection<JsonNode> items) => Results.Json(new { items, next = (string?)null });
}
