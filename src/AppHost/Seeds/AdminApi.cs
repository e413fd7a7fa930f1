using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.AppHost.LocalRuns;

namespace Aigc2d.AppHost.Seeds;

/// <summary>The Gateway's admin listener, asked with the operator's key.</summary>
internal sealed class AdminApi(IHttpClientFactory clients, RunSettings settings, string key)
{
    private const int Tries = 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Null when there is no such thing.</summary>
    public Task<JsonElement?> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, body: null, ct);

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken ct) => await SendAsync(HttpMethod.Post, path, body, ct) ?? throw NotFound(HttpMethod.Post, path);

    public async Task PutAsync(string path, object body, CancellationToken ct) => _ = await SendAsync(HttpMethod.Put, path, body, ct) ?? throw NotFound(HttpMethod.Put, path);

    public async Task PatchAsync(string path, object body, CancellationToken ct) => _ = await SendAsync(HttpMethod.Patch, path, body, ct) ?? throw NotFound(HttpMethod.Patch, path);

    private async Task<JsonElement?> SendAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            using var response = await SendOnceAsync(method, path, body, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    return null;
                case HttpStatusCode.ServiceUnavailable when tried < Tries:
                    // Refused before anything was done: code that has never run misses the first deadlines.
                    await Task.Delay(Pause, ct);
                    continue;
                case var _ when response.IsSuccessStatusCode:
                    return JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "{}" : text);
                default:
                    throw new StartFailure(string.Create(CultureInfo.InvariantCulture, $"seeding: {method} {path} answered {(int)response.StatusCode} {text}"));
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.AdminPort}{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web);
        using var client = clients.CreateClient(nameof(AdminApi));
        client.Timeout = Timeout;
        return await client.SendAsync(request, ct);
    }

    private static StartFailure NotFound(HttpMethod method, string path) => new($"seeding: {method} {path} answered 404");
}
