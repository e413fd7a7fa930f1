using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>Chats with the Sandbox, plain and streaming, until answers are fast: the first calls of cold code would miss their deadlines.</summary>
internal sealed class WarmUp(IHttpClientFactory clients, RunSettings settings, Readiness readiness, TimeProvider time)
{
    /// <summary>A model that only the Sandbox answers, so that a start never costs money.</summary>
    public const string Model = "sandbox";

    private const int MostRounds = 20;
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    public async Task RunAsync(string key, CancellationToken ct)
    {
        var last = "";
        for (var round = 1; round <= MostRounds; round++)
        {
            readiness.Report(string.Create(CultureInfo.InvariantCulture, $"warming up: chat {round}"));
            var plain = await ChatAsync(key, stream: false, ct);
            var streaming = await ChatAsync(key, stream: true, ct);
            if (plain.Failure is null && streaming.Failure is null && plain.Took < Fast && streaming.Took < Fast)
            {
                return;
            }

            last = plain.Failure ?? streaming.Failure ?? "";
            if (last.Length > 0)
            {
                await Task.Delay(Pause, time, ct);
            }
        }

        if (last.Length > 0)
        {
            throw new StartFailure($"a warm-up chat through the Gateway still fails: {last}");
        }
    }

    private async Task<(TimeSpan Took, string? Failure)> ChatAsync(string key, bool stream, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.Port}/v1/chat/completions"))
        {
            Content = JsonContent.Create(new { model = Model, stream, max_tokens = 16, messages = new[] { new { role = "user", content = "Hello" } } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var client = clients.CreateClient(nameof(WarmUp));
        client.Timeout = CallTimeout;
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            var complete = response.IsSuccessStatusCode && (!stream || body.Contains("[DONE]", StringComparison.Ordinal));
            return (Stopwatch.GetElapsedTime(began), complete ? null : string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode} {body}"));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return (Stopwatch.GetElapsedTime(began), exception.Message);
        }
    }
}
