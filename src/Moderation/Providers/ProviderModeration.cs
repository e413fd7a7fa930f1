using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Providers;

/// <summary>What a provider's moderation has flagged, in its own words.</summary>
internal sealed record ProviderFlags(IReadOnlyDictionary<string, float> ScoreByName);

/// <summary>What a provider's moderation has said: its flags; or nothing, and then perhaps that the question itself is at fault.</summary>
internal readonly record struct ProviderWord(ProviderFlags? Flags, bool IsRefused = false);

/// <summary>Asks a provider's moderation, through ProviderAdapters: about the texts of a prompt as one input, or about one of its images.</summary>
internal sealed class ProviderModeration(IHttpClientFactory clients, ProviderOptions options, TimeProvider time)
{
    /// <summary>The name of the client that is used.</summary>
    public const string Destination = "adapters";

    // Admission waits a second for everything, our own screening before this included.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(600);

    /// <summary>Asks about the texts of a prompt. Null when no channel lists the model, or nobody answered in time.</summary>
    /// <exception cref="OperationCanceledException">Whoever asked has gone away.</exception>
    public async Task<ProviderFlags?> AskAsync(Screening screening, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = options.Model, input = screening.Texts.Select(text => new { type = "text", text }) });
        return (await AskAsync(screening, new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }, ct)).Flags;
    }

    /// <summary>Asks one question about a prompt.</summary>
    /// <param name="screening">The prompt.</param>
    /// <param name="question">The question as providers want it; the model that it names is <see cref="ProviderOptions.Model"/>.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="OperationCanceledException">Whoever asked has gone away.</exception>
    public async Task<ProviderWord> AskAsync(Screening screening, HttpContent question, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var request = RequestFor(screening, question);
            using var response = await clients.CreateClient(Destination).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode) return new(null, (int)response.StatusCode is 400 or 413 or 415 or 422);

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: either.Token);
            return new(FlagsOf(json.RootElement));
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            return default;
        }
    }

    private HttpRequestMessage RequestFor(Screening screening, HttpContent question)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/internal/moderations") { Content = question };
        request.Headers.Add(CallHeaders.RequestId, screening.RequestId.ToString());
        request.Headers.Add(CallHeaders.AccountId, screening.AccountId.ToString());
        request.Headers.Add(CallHeaders.KeyId, screening.AccountId.ToString());
        request.Headers.Add(CallHeaders.Model, Uri.EscapeDataString(options.Model));
        request.Headers.Add(CallHeaders.InputTokens, "0");
        return request;
    }

    // {"results":[{"categories":{"hate":true,…},"category_scores":{"hate":0.9,…}}]}; models of before have null where they do not look.
    private static ProviderFlags? FlagsOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array) return null;

        var flagged = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var result in results.EnumerateArray())
        {
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("categories", out var categories) || categories.ValueKind != JsonValueKind.Object) return null;

            var scores = result.TryGetProperty("category_scores", out var told) && told.ValueKind == JsonValueKind.Object ? told : default;
            foreach (var category in categories.EnumerateObject().Where(category => category.Value.ValueKind == JsonValueKind.True))
                flagged[category.Name] = Math.Max(flagged.GetValueOrDefault(category.Name), ScoreOf(scores, category.Name));
        }

        return new ProviderFlags(flagged);
    }

    // What is flagged without a score is as likely as not.
    private static float ScoreOf(JsonElement scores, string name) =>
        scores.ValueKind == JsonValueKind.Object && scores.TryGetProperty(name, out var score) && score.ValueKind == JsonValueKind.Number && score.TryGetSingle(out var value)
            ? Math.Clamp(value, 0.5f, 1)
            : 0.5f;
}
