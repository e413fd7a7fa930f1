using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>One ProviderAdapters with the intents of tests: open a channel, call, abort, look at what is left behind.</summary>
public sealed class AdaptersHost(ServiceUnderTest service, string database, ServiceUnderTest sandbox) : IAsyncDisposable
{
    private Task? _stopping;

    public ServiceUnderTest Service { get; } = service;

    /// <summary>Not the client of <see cref="Service"/>, which ends with it: calls under way must live through the drain.</summary>
    public HttpClient Client { get; } = ClientOf(service);

    /// <summary>Stops the process in good order, once.</summary>
    public Task StopAsync() => _stopping ??= Service.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
    }

    /// <summary>Opens a channel to the Sandbox for a model of its own, which behaves by the script.</summary>
    public Task<TestModel> ModelAsync(string script = "") => ModelAsync(Family.OpenAi, script);

    /// <summary>The same for a provider of any family.</summary>
    public async Task<TestModel> ModelAsync(Family family, string script = "")
    {
        var id = Guid.CreateVersion7().ToString("N")[16..];
        var name = $"{family.UpstreamPrefix}-{id}";
        var model = new TestModel($"model-{id}", script.Length == 0 ? name : $"{name}@{script}", name) { Family = family };
        return model with { ChannelId = await ChannelAsync(family.AddressAt(sandbox.BaseAddress), model) };
    }

    /// <summary>Opens a channel to an upstream that is not the Sandbox for a model of its own.</summary>
    public async Task<TestModel> ModelAtAsync(Family family, Uri baseUrl)
    {
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "up", "up") { Family = family };
        return model with { ChannelId = await ChannelAsync(baseUrl, model) };
    }

    /// <summary>Opens another channel for a model, which behaves by the script.</summary>
    public async Task<TestModel> SecondAsync(TestModel first, string script = "", int priority = 0, Family? family = null)
    {
        family ??= first.Family;
        var id = Guid.CreateVersion7().ToString("N")[16..];
        var second = first with { Upstream = script.Length == 0 ? $"up-{id}" : $"up-{id}@{script}", Base = $"up-{id}", Family = family };
        return second with { ChannelId = await ChannelAsync(family.AddressAt(sandbox.BaseAddress), second, priority: priority) };
    }

    /// <summary>Opens a channel to any upstream.</summary>
    public async Task<Guid> ChannelAsync(Uri baseUrl, TestModel model, string? credential = null, int priority = 0)
    {
        using var response = await Client.PostAsJsonAsync("/admin/channels", new
        {
            provider = model.Family.Provider,
            name = "test",
            baseUrl = baseUrl.ToString(),
            credential = credential ?? model.Family.Credential,
            models = new[] { new { name = model.Name, upstream = model.Upstream } },
            priority,
        });
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {Service.Logs.Tail(40)}");
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>Starts a call and reads its answer to the end, however that comes.</summary>
    public async Task<Answer> AskAsync(TestCall call, CancellationToken ct = default)
    {
        await using var running = await StartAsync(call, null, ct);
        return await running.ReadAsync(ct);
    }

    /// <summary>Starts a call; returns when its status is there.</summary>
    public async Task<RunningAnswer> StartAsync(TestCall call, HttpContent? body = null, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Path);
        request.Content = body ?? new StringContent(call.Body, Encoding.UTF8, "application/json");
        request.Headers.Add(CallHeaders.RequestId, call.RequestId.ToString());
        request.Headers.Add(CallHeaders.AccountId, call.AccountId.ToString());
        request.Headers.Add(CallHeaders.KeyId, call.KeyId.ToString());
        request.Headers.Add(CallHeaders.Model, Uri.EscapeDataString(call.Model));
        request.Headers.Add(CallHeaders.InputTokens, $"{TestCall.InputTokens}");
        if (call.Region is { } region) request.Headers.Add(CallHeaders.Region, region);
        if (call.Patience is { } patience) request.Headers.Add(CallHeaders.PatienceMs, $"{(long)patience.TotalMilliseconds}");
        foreach (var (name, value) in call.Headers) request.Headers.Add(name, value);
        return new RunningAnswer(await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct));
    }

    /// <summary>Says that the client has left, and how much of the answer's body it had got.</summary>
    public async Task AbortAsync(Guid requestId, long? sentBytes = null)
    {
        using var response = await Client.PostAsJsonAsync($"/internal/calls/{requestId}/abort", new AbortCallRequest { SentBytes = sentBytes });
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <summary>The usage row without its times; null when there is none.</summary>
    public async Task<UsageRow?> UsageOfAsync(Guid requestId)
    {
        await using var db = NpgsqlDataSource.Create(database);
        await using var command = db.CreateCommand("""
            select request_id, account_id, key_id, model, provider, channel_id, upstream_model, end_cause, provider_accepted, streamed, input_tokens,
                output_tokens, cached_input_tokens, estimated, audio_input_tokens, reasoning_tokens, audio_output_tokens, cache_write_tokens, own_key
                from usage_records where request_id = $1
            """);
        command.Parameters.Add(new() { Value = requestId });
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync()) return null;
        return new UsageRow
        {
            RequestId = row.GetGuid(0),
            AccountId = row.GetGuid(1),
            KeyId = row.GetGuid(2),
            Model = row.GetString(3),
            Provider = row.IsDBNull(4) ? null : row.GetString(4),
            ChannelId = row.IsDBNull(5) ? null : row.GetGuid(5),
            UpstreamModel = row.IsDBNull(6) ? null : row.GetString(6),
            EndCause = JsonSerializer.Deserialize<EndCause>($"\"{row.GetString(7)}\""),
            ProviderAccepted = row.GetBoolean(8),
            Streamed = row.GetBoolean(9),
            Tokens = new TokenCounts(row.GetInt32(10), row.GetInt32(11), row.GetInt32(12), row.GetBoolean(13))
            {
                AudioInput = row.GetInt32(14),
                Reasoning = row.GetInt32(15),
                AudioOutput = row.GetInt32(16),
                CacheWrite = row.GetInt32(17),
            },
            OwnKey = row.GetBoolean(18),
            StartedAt = default,
            EndedAt = default,
        };
    }

    /// <summary>Runs a statement as the owner of the database.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var db = NpgsqlDataSource.Create(database);
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>How many requests for the model run in the Sandbox, and the bodies of those it has received.</summary>
    public async Task<int> OpenAtSandboxAsync(TestModel model) =>
        (await sandbox.Client.GetFromJsonAsync<JsonElement>($"/sandbox/open?model={model.Base}")).GetProperty("open").GetInt32();

    public async Task<JsonElement[]> ReceivedAtSandboxAsync(TestModel model) =>
        [.. (await sandbox.Client.GetFromJsonAsync<JsonElement>($"/sandbox/requests?model={model.Base}")).GetProperty("requests").EnumerateArray()];

    /// <summary>The body of the one request for the model that the Sandbox has received.</summary>
    public async Task<JsonElement> AskedAtSandboxAsync(TestModel model) =>
        JsonDocument.Parse(Assert.Single(await ReceivedAtSandboxAsync(model)).GetProperty("body").GetString()!).RootElement;

    private static HttpClient ClientOf(ServiceUnderTest service)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = service.BaseAddress };
        foreach (var header in service.Client.DefaultRequestHeaders) client.DefaultRequestHeaders.Add(header.Key, header.Value);
        return client;
    }
}

/// <summary>A model: as customers call it, as the upstream is asked for it, and that without its script.</summary>
public sealed record TestModel(string Name, string Upstream, string Base)
{
    public Guid ChannelId { get; init; }

    public Family Family { get; init; } = Family.OpenAi;
}

/// <summary>A call as the gateway makes it.</summary>
public sealed record TestCall(string Model, string Body)
{
    /// <summary>The gateway's estimate; unlike the Sandbox's claim of 11 and our exact count, so that none is taken for another.</summary>
    public const int InputTokens = 17;

    /// <summary>Our exact count of the prompt: 3 + 1 for the message, 1 + 1 for the name, 4 for "Hello, world!", 3 before the answer.</summary>
    public const int CountedTokens = 13;

    public Guid RequestId { get; } = Guid.CreateVersion7();

    public Guid AccountId { get; init; } = Guid.CreateVersion7();

    public Guid KeyId { get; } = Guid.CreateVersion7();

    public bool Stream { get; init; }

    public string? Region { get; init; }

    /// <summary>The route, by default that of OpenAI's chat completions.</summary>
    public string Path { get; init; } = "/internal/chat/completions";

    /// <summary>How long the client waits; null when it does not say.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Headers of the client that the gateway passes on.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>One user message, "Hello, world!".</summary>
    public static TestCall Of(TestModel model, bool stream, bool includeUsage = false, string text = "Hello, world!", int n = 1) => new(model.Name, JsonSerializer.Serialize(
        new Dictionary<string, object?>
        {
            ["model"] = model.Name,
            ["messages"] = new[] { new { role = "user", name = "guest", content = text } },
            ["n"] = n,
            ["stream"] = stream,
            [includeUsage ? "stream_options" : "user"] = includeUsage ? new { include_usage = true } : "someone",
        }))
    {
        Stream = stream,
    };

    /// <summary>A call of other members than the model and whether to stream; they are given as JSON without the braces.</summary>
    public static TestCall With(TestModel model, bool stream, string members) =>
        new(model.Name, $$"""{"model":"{{model.Name}}","stream":{{(stream ? "true" : "false")}},{{members}}}""") { Stream = stream };

    /// <summary>The row that this call is expected to leave.</summary>
    public UsageRow Row(TestModel? model, EndCause cause, TokenCounts tokens, bool accepted = true) => new()
    {
        RequestId = RequestId,
        AccountId = AccountId,
        KeyId = KeyId,
        Model = Model,
        Provider = model?.Family.Provider,
        ChannelId = model?.ChannelId,
        UpstreamModel = model?.Upstream,
        EndCause = cause,
        ProviderAccepted = accepted,
        Streamed = Stream,
        Tokens = tokens,
        StartedAt = default,
        EndedAt = default,
    };
}
