using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Metering;

/// <summary>A chat whose answer is read piece by piece and whose client may leave at any moment, by closing its connection.</summary>
internal sealed class OpenChat(HttpResponseMessage response) : IDisposable
{
    private readonly StringBuilder _content = new();
    private StreamReader? _reader;

    public string RequestId => response.Headers.GetValues("x-request-id").Single();

    public HttpResponseMessage Response => response;

    /// <summary>The content that has arrived.</summary>
    public string Content => _content.ToString();

    public bool IsDone { get; private set; }

    /// <summary>Whether the connection broke.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The status is there, of the answer nothing is read yet.</summary>
    public static async Task<OpenChat> StartAsync(Suite suite, string key, string model, string prompt = "Say hello.", int maxTokens = 50) => new(await suite.SendAsync(
        HttpMethod.Post,
        "/v1/chat/completions",
        key,
        JsonContent.Create(new { model, stream = true, max_tokens = maxTokens, messages = new[] { new { role = "user", content = prompt } } }),
        HttpCompletionOption.ResponseHeadersRead));

    /// <summary>The same, asked again while the edge is busy, as clients do; every other refusal is a fault.</summary>
    public static async Task<OpenChat> StartAdmittedAsync(Suite suite, string key, string model, string prompt, int maxTokens)
    {
        const int MostTries = 20;
        for (var tries = 1; ; tries++)
        {
            var chat = await StartAsync(suite, key, model, prompt, maxTokens);
            if (chat.Response.StatusCode == HttpStatusCode.OK) return chat;
            if (chat.Response.StatusCode != HttpStatusCode.ServiceUnavailable || tries == MostTries) Assert.Fail($"{chat.Response.StatusCode} {await chat.Response.Content.ReadAsStringAsync()}");
            chat.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Reads until so many characters of content are there, or to the end.</summary>
    public async Task ReadAsync(int characters = int.MaxValue)
    {
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        try
        {
            while (_content.Length < characters && await _reader.ReadLineAsync() is { } line) Take(line);
        }
        catch (IOException)
        {
            IsBroken = true;
        }
    }

    /// <summary>The client leaves.</summary>
    public void Dispose()
    {
        response.Dispose();
        _reader?.Dispose();
    }

    private void Take(string line)
    {
        if (!line.StartsWith("data: ", StringComparison.Ordinal)) return;
        IsDone |= line == "data: [DONE]";
        if (IsDone) return;

        var frame = JsonSerializer.Deserialize<JsonElement>(line[6..]);
        if (!frame.TryGetProperty("choices", out var choices)) return;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.GetProperty("delta").TryGetProperty("content", out var content)) _content.Append(content.GetString());
        }
    }
}
