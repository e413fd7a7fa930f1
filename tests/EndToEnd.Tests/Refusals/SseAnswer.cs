using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>The events of a stream that was read to its end, in either dialect.</summary>
internal sealed class SseAnswer
{
    private const string Data = "data: ";

    private SseAnswer(string requestId, string body)
    {
        RequestId = requestId;
        Body = body;
        Events = [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(DataOf).OfType<string>().Where(data => data != "[DONE]").Select(data => JsonSerializer.Deserialize<JsonElement>(data))];
    }

    public string RequestId { get; }

    /// <summary>All that has come, to the letter.</summary>
    public string Body { get; }

    public JsonElement[] Events { get; }

    /// <summary>Asks for a stream and reads it whole.</summary>
    public static async Task<SseAnswer> ReadAsync(Suite suite, string path, string key, object body)
    {
        using var answer = await suite.SendAsync(HttpMethod.Post, path, key, JsonContent.Create(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return new(answer.Headers.GetValues("x-request-id").Single(), text);
    }

    /// <summary>What a chat's choice has said.</summary>
    public string TextOf(int choice) => string.Concat(Choices(choice).Select(part => part.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    /// <summary>Why a chat's choice has ended, every time it says so.</summary>
    public string EndsOf(int choice) => string.Join(' ', Choices(choice).Select(part => part.GetProperty("finish_reason").GetString()).OfType<string>());

    /// <summary>The kinds of a message's events, each once in a row.</summary>
    public string[] Kinds
    {
        get
        {
            var kinds = Events.Select(one => one.GetProperty("type").GetString()!).Where(kind => kind != "ping").ToArray();
            return [.. kinds.Where((kind, i) => i == 0 || kinds[i - 1] != kind)];
        }
    }

    /// <summary>What a message has said.</summary>
    public string MessageText => string.Concat(Events.Where(one => one.GetProperty("type").GetString() == "content_block_delta").Select(one => one.GetProperty("delta").GetProperty("text").GetString()));

    private IEnumerable<JsonElement> Choices(int choice) => Events.SelectMany(one => one.GetProperty("choices").EnumerateArray()).Where(part => part.GetProperty("index").GetInt32() == choice);

    private static string? DataOf(string frame)
    {
        var at = frame.IndexOf(Data, StringComparison.Ordinal);
        return at < 0 ? null : frame[(at + Data.Length)..];
    }
}
