using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.AppHost.Controls;
using Aigc2d.AppHost.LocalRuns;
using Aigc2d.TestKit;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aigc2d.AppHost.Tests.Controls;

/// <summary>What the command line can see and do, over the loopback address and with the token.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly HttpClientHandler _handler = new();
    private readonly Readiness _readiness = new();
    private DistributedApplication _app = null!;
    private Control _control = null!;
    private HttpClient _client = null!;
    private RunSettings _settings = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _settings = new RunSettings { Port = TestSockets.FreeRange(4), ArtifactsDirectory = _folder.Path, Infrastructure = "local" };
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddExecutable("billing", "bash", ".", "-c", "echo one; echo two; echo three; sleep 1000");
        builder.AddExecutable("postgres", "sleep", ".", "1000");
        builder.AddExecutable("accounts", "bash", ".", "-c", "echo broken; exit 7").WithHealthCheck("accounts_answers");
        builder.Services.AddHealthChecks().AddCheck("accounts_answers", () => HealthCheckResult.Unhealthy());
        builder.AddExecutable("not-of-the-suite", "sleep", ".", "1000");
        _app = builder.Build();
        await _app.StartAsync(Ct);
        _control = await Control.StartAsync(_app, _settings, _readiness);
        _client = new HttpClient(_handler) { BaseAddress = new Uri(File("url")) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File("token"));
        await Eventually.True(async () => await State("billing") == "Running" && await State("accounts") == "Finished" && (await Get("/api/resources/billing/logs")).Body.Contains("three", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _client.Dispose();
        _handler.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_file_tells_the_owner_where_to_ask_and_is_gone_afterwards()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(_settings.ControlFile));
        Assert.Equal((string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_settings.Port + 3}"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture), _settings.Port.ToString(CultureInfo.InvariantCulture)), (File("url"), File("pid"), File("port")));
        Assert.Equal(48, File("token").Length);

        await _control.DisposeAsync();

        Assert.False(System.IO.File.Exists(_settings.ControlFile));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer 0123")]
    [InlineData("Basic 0123")]
    public async Task Nobody_without_the_token_sees_or_does_anything(string? authorization)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/resources"), (HttpMethod.Post, "/api/shutdown"), (HttpMethod.Get, "/nothing") })
        {
            using var request = new HttpRequestMessage(method, _client.BaseAddress + path[1..]);
            _client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
            using var response = await _client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.False(_app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Resources_of_the_suite_are_listed_in_their_order_with_state_health_and_process()
    {
        var rows = (await _client.GetFromJsonAsync<JsonElement[]>("/api/resources", Ct))!;

        Assert.Equal(["accounts Finished -", "billing Running Healthy", "postgres Running Healthy"], rows.Select(row => $"{row.GetProperty("name")} {row.GetProperty("state")} {row.GetProperty("health").GetString() ?? "-"}"));
        Assert.Equal(["name", "state", "health", "pid", "urls"], rows[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("pid").ValueKind);
        Assert.NotEqual(0, rows[1].GetProperty("pid").GetInt32());
    }

    [Fact]
    public void The_table_for_people_is_aligned() => Assert.Equal(
        """
        NAME      STATE     HEALTH   PID  URL
        gateway   Running   Healthy  12   http://localhost:1 http://localhost:2
        accounts  Finished  -        -

        """,
        ResourceTable.Format([new ResourceRow("gateway", "Running", "Healthy", 12, ["http://localhost:1", "http://localhost:2"]), new ResourceRow("accounts", "Finished", null, null, [])]));

    [Fact]
    public async Task A_resource_is_stopped_started_and_restarted_and_the_answer_comes_when_it_is_done()
    {
        Assert.Equal((HttpStatusCode.OK, "billing: stopped\n"), await Post("/api/resources/billing/stop"));
        Assert.Equal("Finished", await State("billing"));
        Assert.Equal((HttpStatusCode.OK, "billing: stopped\n"), await Post("/api/resources/billing/stop"));
        Assert.Equal((HttpStatusCode.OK, "billing: running and healthy\n"), await Post("/api/resources/billing/restart"));
        Assert.Equal("Running", await State("billing"));
        Assert.Equal((HttpStatusCode.OK, "billing: running and healthy\n"), await Post("/api/resources/billing/start"));
    }

    [Fact]
    public async Task A_resource_that_ends_at_once_is_a_conflict_with_its_last_words()
    {
        var (status, body) = await Post("/api/resources/accounts/start");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.StartsWith("accounts ended at once (state Finished, exit code 7). Its last lines:\n", body, StringComparison.Ordinal);
        Assert.Contains(" broken\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_the_known_ones()
    {
        var expected = (HttpStatusCode.NotFound, "there is no resource 'bilking'; there are accounts, billing, postgres\n");

        Assert.Equal(expected, await Post("/api/resources/bilking/start"));
        Assert.Equal(expected, await Get("/api/resources/bilking/logs"));
    }

    [Fact]
    public async Task The_last_lines_are_given_and_new_ones_follow()
    {
        Assert.Equal(["two", "three"], (await Get("/api/resources/billing/logs?tail=2")).Body.TrimEnd().Split('\n').Select(Text));

        using var following = await _client.GetAsync(new Uri("/api/resources/billing/logs?tail=1&follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await following.Content.ReadAsStreamAsync(Ct));
        Assert.Equal("three", Text((await reader.ReadLineAsync(Ct))!));
        await Post("/api/resources/billing/stop");
        Assert.Equal("ended with exit code 143", Text((await reader.ReadLineAsync(Ct))!));
    }

    [Fact]
    public async Task Readiness_goes_from_progress_to_a_summary_or_to_a_cause()
    {
        _readiness.Report("3 of 8 healthy");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "3 of 8 healthy\n"), await Get("/api/ready"));

        _readiness.Succeed("curl …");
        _readiness.Report("too late");
        Assert.Equal((HttpStatusCode.OK, "curl …\n"), await Get("/api/ready"));

        _readiness.Fail("billing did not start");
        Assert.False(_readiness.FailureTold.IsCompleted);
        Assert.Equal((HttpStatusCode.InternalServerError, "billing did not start\n"), await Get("/api/ready"));
        await _readiness.FailureTold.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task A_shutdown_stops_the_application()
    {
        Assert.Equal((HttpStatusCode.OK, "stopping\n"), await Post("/api/shutdown"));

        Assert.True(_app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private static string Text(string line) => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private string File(string member) => JsonDocument.Parse(System.IO.File.ReadAllText(_settings.ControlFile)).RootElement.GetProperty(member).ToString();

    private async Task<string?> State(string name) =>
        (await _client.GetFromJsonAsync<JsonElement[]>("/api/resources", Ct))!.Single(row => row.GetProperty("name").GetString() == name).GetProperty("state").GetString();

    private async Task<(HttpStatusCode Status, string Body)> Get(string path) => await Read(await _client.GetAsync(new Uri(path, UriKind.Relative), Ct));

    private async Task<(HttpStatusCode Status, string Body)> Post(string path) => await Read(await _client.PostAsync(new Uri(path, UriKind.Relative), content: null, Ct));

    private static async Task<(HttpStatusCode Status, string Body)> Read(HttpResponseMessage response)
    {
        using (response)
        {
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
        }
    }
}
