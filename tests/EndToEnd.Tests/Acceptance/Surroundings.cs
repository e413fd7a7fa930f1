using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What scenarios of official clients need around them.</summary>
internal static class Surroundings
{
    /// <summary>A model at 6 and 8 points per 1,000 tokens and its channel to the Sandbox, of any family.</summary>
    public static async Task<(string Model, string Channel)> ModelOfAsync(this Suite suite, string provider, string upstream, string credential)
    {
        var model = $"test-{Guid.CreateVersion7()}";
        await suite.SetUpAsync(HttpMethod.Put, "/admin/prices", new[]
        {
            new { model, effectiveFrom = (string?)null, inputMicropointsPer1k = 6_000_000, outputMicropointsPer1k = 8_000_000, contextTokens = 8192, maxOutputTokens = 4096 },
        });
        var channel = await suite.SetUpAsync(HttpMethod.Post, "/admin/channels", new
        {
            provider,
            name = model,
            baseUrl = suite["AIGC2D_SANDBOX_URL"],
            credential,
            models = new[] { new { name = model, upstream } },
            priority = 5,
            weight = 1,
        });
        return (model, channel.GetProperty("id").GetString()!);
    }

    /// <summary>A fresh account with points.</summary>
    public static async Task<(string Id, string Key)> AccountAsync(this Suite suite, long micropoints)
    {
        var created = await suite.SetUpAsync(HttpMethod.Post, "/admin/accounts", new { name = "acceptance", micropoints });
        return (created.GetProperty("id").GetString()!, created.GetProperty("key").GetProperty("key").GetString()!);
    }

    /// <summary>A fresh account on a plan that lets one call run at a time; plans have no route yet, so it is written where Accounts reads it.</summary>
    public static async Task<(string Id, string Key)> OneCallCustomerAsync(this Suite suite)
    {
        var customer = await suite.AccountAsync(DotNetCall.Opening);
        await using var connection = new NpgsqlConnection(suite.DatabaseOf("accountsdb"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(NarrowPlan, connection) { Parameters = { new() { Value = Guid.Parse(customer.Id) } } };
        await command.ExecuteNonQueryAsync();
        return customer;
    }

    /// <summary>How many calls of a scripted name the Sandbox is answering.</summary>
    public static async Task<int> OpenCallsAsync(this Suite suite, string upstream) =>
        (await suite.SandboxAsync($"/sandbox/open?model={Uri.EscapeDataString(upstream)}")).GetProperty("open").GetInt32();

    /// <summary>The body of the first request that the Sandbox received for a scripted name.</summary>
    public static async Task<JsonElement> UpstreamBodyAsync(this Suite suite, string upstream)
    {
        var requests = (await suite.SandboxAsync($"/sandbox/requests?model={Uri.EscapeDataString(upstream)}")).GetProperty("requests");
        return JsonSerializer.Deserialize<JsonElement>(requests[0].GetProperty("body").GetString()!);
    }

    /// <summary>Every scenario sets up its world at once; a busy machine answers some of that 503, and is asked again.</summary>
    public static async Task<JsonElement> SetUpAsync(this Suite suite, HttpMethod method, string path, object body)
    {
        var key = $"{Guid.CreateVersion7()}";
        var (status, text) = (503, "");
        await Eventually.True(async () =>
        {
            using var response = await suite.SendAdminAsync(method, path, JsonContent.Create(body), key);
            (status, text) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
            return status != 503;
        });
        Assert.True(status < 300, $"{method} {path}: {status} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private const string NarrowPlan = """
        with plan as (
            insert into plans (name, requests_per_minute, tokens_per_minute, concurrent_calls, micropoints_per_day, multiplier_ppm)
            values ('one call', 6000, 20000000, 1, null, 1000000) on conflict (name) do nothing)
        update accounts set plan = 'one call' where id = $1
        """;
}
