using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.EndToEnd.Tests.Suite))]

namespace Aigc2d.EndToEnd.Tests;

/// <summary>The whole suite, started through the AppHost as <c>./aigc2d up</c> does, on ports and data of its own.</summary>
public sealed partial class Suite : IAsyncLifetime
{
    /// <summary>The model that a provider's moderation is asked for; there is one as soon as a channel lists it.</summary>
    public const string ImageModeration = "moderation-of-images";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly LogBuffer _log = new();
    private readonly string _artifacts = Directory.CreateTempSubdirectory("aigc2d-e2e-").FullName;
    // A client that leaves closes its connection at once instead of reading on for two seconds in the hope to use it again.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, MaxResponseDrainSize = 0 }) { Timeout = TimeSpan.FromMinutes(2) };
    private Process? _appHost;
    private Dictionary<string, string> _env = [];
    private string _control = "";
    private string _controlToken = "";

    /// <summary>A value of <c>local.env</c>.</summary>
    public string this[string name] => _env[name];

    public string BaseUrl => _env["AIGC2D_BASE_URL"];

    /// <summary>The official clients and what they saw.</summary>
    internal Acceptance.ClientRuns Clients { get; }

    /// <summary>Where all services send their traces, metrics and logs.</summary>
    internal Privacy.TelemetrySink Telemetry { get; } = new();

    public Suite() => Clients = new(this);

    public async ValueTask InitializeAsync()
    {
        var port = TestSockets.FreeRange(20);
        await Telemetry.StartAsync();
        var start = new ProcessStartInfo("setsid", ["--wait", "bash", "-c", TestKit.Lifeline.Script, "dotnet", AppHostDll()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
            Environment =
            {
                ["Aigc2d__Port"] = $"{port}",
                ["Aigc2d__ArtifactsDir"] = _artifacts,
                ["Infrastructure__Mode"] = "local",
                ["OPENAI_API_KEY"] = "",
                ["ANTHROPIC_API_KEY"] = "",
                ["QIANFAN_API_KEY"] = "",

                // Told to the services in its own words.
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",

                // Services inherit what the AppHost does not keep to itself: limits of calls that a test can wait for.
                ["Calls__FirstByteLimit"] = "00:00:25",
                ["Calls__MaxDuration"] = "00:00:30",
                ["Calls__DrainLimit"] = "00:00:03",

                // A name of its own, so that customers who ask for moderation get the suite's own answer.
                ["Moderation__Upstream"] = "uncertain",
                ["Moderation__UpstreamModel"] = ImageModeration,
            },
        };
        _appHost = Process.Start(start) ?? throw new InvalidOperationException("The AppHost did not start.");
        _log.Follow(_appHost);
        await WaitUntilReadyAsync();
        _env = await ReadLocalEnvAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Clients.DisposeAsync();
        _appHost?.StandardInput.Close();
        if (_appHost is not null) await _appHost.WaitForExitAsync();

        // Nothing that the AppHost started outlives it.
        await Eventually.Equal("", () => Task.FromResult(string.Join('\n', Leftovers())));
        await Telemetry.DisposeAsync();
        _http.Dispose();
        _appHost?.Dispose();
        var data = new DirectoryInfo(Path.Combine(_artifacts, "data/postgres"));
        if (data.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target) Directory.Delete(target.FullName, recursive: true);
        Directory.Delete(_artifacts, recursive: true);
    }

    /// <summary>A service's database, as its owner.</summary>
    public string DatabaseOf(string name)
    {
        var postgres = new Uri(_env["AIGC2D_POSTGRES_URL"]);
        var user = postgres.UserInfo.Split(':');
        return new NpgsqlConnectionStringBuilder
        {
            Host = postgres.Host,
            Port = postgres.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = Uri.UnescapeDataString(user[1]),
            Database = name,
            Pooling = false,
        }.ConnectionString;
    }

    /// <summary>Sends a request to the public API; <paramref name="key"/> null sends none.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key, HttpContent? content = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken ct = default) =>
        SendAsync(method, BaseUrl + path, key, content, completion, null, ct);

    /// <summary>A chat with one user message.</summary>
    public Task<HttpResponseMessage> ChatAsync(string key, string model, string prompt = "Say hello.", bool stream = false, int maxTokens = 50) =>
        SendAsync(HttpMethod.Post, "/v1/chat/completions", key, JsonContent.Create(new { model, stream, max_tokens = maxTokens, messages = new[] { new { role = "user", content = prompt } } }));

    /// <summary>Sends a request to the admin listener as the operator.</summary>
    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, _env["AIGC2D_ADMIN_URL"] + path, _env["AIGC2D_ADMIN_KEY"], body is null ? null : JsonContent.Create(body), HttpCompletionOption.ResponseContentRead, null);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Sends a request to the admin listener as the operator, with an Idempotency-Key, and answers whatever comes.</summary>
    public Task<HttpResponseMessage> SendAdminAsync(HttpMethod method, string path, HttpContent body, string idempotencyKey) =>
        SendAsync(method, _env["AIGC2D_ADMIN_URL"] + path, _env["AIGC2D_ADMIN_KEY"], body, HttpCompletionOption.ResponseContentRead, request => request.Headers.Add("Idempotency-Key", idempotencyKey));

    /// <summary>A model of its own, served by the Sandbox as scripted, at 6 and 8 points per 1,000 tokens unless told otherwise.</summary>
    public async Task<string> ModelAsync(string script = "", long input = 6_000_000, long output = 8_000_000, string? baseUrl = null)
    {
        var model = $"test-{Guid.CreateVersion7()}";
        await AdminAsync(HttpMethod.Put, "/admin/prices", new[]
        {
            new { model, effectiveFrom = (string?)null, inputMicropointsPer1k = input, outputMicropointsPer1k = output, contextTokens = 8192, maxOutputTokens = 4096 },
        });
        await AdminAsync(HttpMethod.Post, "/admin/channels", new
        {
            provider = "openai",
            name = model,
            baseUrl = baseUrl ?? _env["AIGC2D_SANDBOX_URL"],
            credential = "sandbox",
            models = new[] { new { name = model, upstream = script.Length == 0 ? "gpt-4o-mini" : $"gpt-4o-mini@{script}" } },
            priority = 5,
            weight = 1,
        });
        return model;
    }

    public override string ToString() => _log.ToString();

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string AppHostDll() => Path.Combine(Repository.Root, "src/AppHost/bin", Configuration, "net10.0/Aigc2d.AppHost.dll");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? key, HttpContent? content, HttpCompletionOption completion, Action<HttpRequestMessage>? configure, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        configure?.Invoke(request);
        return await _http.SendAsync(request, completion, ct);
    }

    private async Task WaitUntilReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var control = Path.Combine(_artifacts, "run/control.json");
        while (true)
        {
            if (_appHost!.HasExited || Stopwatch.GetElapsedTime(started) > StartPatience) throw new InvalidOperationException($"The suite did not become ready:\n{_log}");
            if (File.Exists(control) && await IsReadyAsync(control)) return;
            await Task.Delay(200);
        }
    }

    private async Task<bool> IsReadyAsync(string path)
    {
        var control = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(path));
        (_control, _controlToken) = (control.GetProperty("url").GetString()!, control.GetProperty("token").GetString()!);
        using var response = await SendAsync(HttpMethod.Get, $"{_control}/api/ready", _controlToken, null, HttpCompletionOption.ResponseContentRead, null);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.ServiceUnavailable => false,
            _ => throw new InvalidOperationException($"{await response.Content.ReadAsStringAsync()}\n{_log}"),
        };
    }

    private async Task<Dictionary<string, string>> ReadLocalEnvAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(_artifacts, "local.env")))
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''), StringComparer.Ordinal);
}
