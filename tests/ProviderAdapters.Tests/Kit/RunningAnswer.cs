using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>A whole answer: status, failure header, text, and whether the connection broke instead of ending.</summary>
public sealed record Answer(int Status, string? Failure, string Text, bool IsBroken)
{
    /// <summary>When to ask again, seconds.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>The JSON of a plain answer.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The data of each event of a stream.</summary>
    public string[] Events => [.. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(frame => frame.StartsWith("data: ", StringComparison.Ordinal)).Select(frame => frame[6..])];

    /// <summary>The events before [DONE], as JSON.</summary>
    public JsonElement[] Chunks => [.. Events.Where(data => data != "[DONE]").Select(data => JsonDocument.Parse(data).RootElement)];

    /// <summary>The error of a plain answer or of the last event.</summary>
    public JsonElement Error => (Text.StartsWith('{') ? Json : Chunks[^1]).GetProperty("error");

    /// <summary>The content that a client puts together, of all choices.</summary>
    public string Content => string.Concat(Choices.Select(choice =>
        (choice.TryGetProperty("message", out var part) || choice.TryGetProperty("delta", out part)) && part.TryGetProperty("content", out var content) ? content.GetString() : null));

    /// <summary>The reasoning that a client puts together.</summary>
    public string Reasoning => string.Concat(Parts.Select(part => part.TryGetProperty("reasoning_content", out var text) ? text.GetString() : null));

    /// <summary>The tool calls as a client puts them together: by their index, id and name from the first piece, the arguments joined.</summary>
    public (string? Type, string? Id, string? Name, string Arguments)[] ToolCalls =>
    [
        .. Parts.Where(part => part.TryGetProperty("tool_calls", out _))
            .SelectMany(part => part.GetProperty("tool_calls").EnumerateArray().Select((call, i) => (Index: call.TryGetProperty("index", out var index) ? index.GetInt32() : i, Call: call)))
            .GroupBy(piece => piece.Index, piece => piece.Call).OrderBy(call => call.Key).Select(Join),
    ];

    /// <summary>What the content counts exactly.</summary>
    public int ContentTokens => BytePairEncoding.O200k.Count(Content);

    /// <summary>Why the choices ended, in the order they did.</summary>
    public string[] FinishReasons => [.. Choices.Select(choice => choice.GetProperty("finish_reason").GetString()).OfType<string>()];

    private IEnumerable<JsonElement> Parts => Choices.Select(choice => choice.TryGetProperty("message", out var part) ? part : choice.GetProperty("delta"));

    private IEnumerable<JsonElement> Choices => (Text.StartsWith('{') ? [Json] : Chunks)
        .Where(answer => answer.TryGetProperty("choices", out _)).SelectMany(answer => answer.GetProperty("choices").EnumerateArray());

    private static (string? Type, string? Id, string? Name, string Arguments) Join(IEnumerable<JsonElement> pieces)
    {
        var all = pieces.ToArray();
        var functions = all.Select(piece => piece.GetProperty("function"));
        return (
            Text(all[0], "type"),
            Text(all[0], "id"),
            Text(all[0].GetProperty("function"), "name"),
            string.Concat(functions.Select(function => Text(function, "arguments"))));

        static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    public override string ToString() => $"{Status} {Failure} {Text}";
}

/// <summary>An answer that is still coming.</summary>
public sealed class RunningAnswer(HttpResponseMessage response) : IAsyncDisposable
{
    private readonly StringBuilder _text = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly char[] _characters = new char[16 * 1024 + 1];

    // A read may end in the middle of a character.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private Stream? _stream;

    public HttpResponseMessage Response => response;

    /// <summary>What has been read, bytes.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>The answer as far as whole frames of it have been read.</summary>
    public Answer SoFar => new((int)response.StatusCode, null, _text.ToString()[..(_text.ToString().LastIndexOf("\n\n", StringComparison.Ordinal) + 1)], false);

    /// <summary>Reads until the text contains the words.</summary>
    public async Task ReadUntilAsync(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_text.ToString().Contains(words, StringComparison.Ordinal)) Assert.True(await ReadSomeAsync(patience.Token), $"The answer ended without '{words}': {_text}");
    }

    /// <summary>Reads until there are so many characters, frames included.</summary>
    public async Task ReadUntilAsync(int characters)
    {
        while (_text.Length < characters && await ReadSomeAsync(CancellationToken.None))
        {
        }
    }

    /// <summary>Reads to the end or to the break.</summary>
    public async Task<Answer> ReadAsync(CancellationToken ct = default)
    {
        var isBroken = false;
        try
        {
            while (await ReadSomeAsync(ct))
            {
            }
        }
        catch (IOException)
        {
            isBroken = true;
        }

        var failure = response.Headers.TryGetValues(CallHeaders.Failure, out var values) ? values.Single() : null;
        return new Answer((int)response.StatusCode, failure, _text.ToString(), isBroken) { RetryAfter = response.Headers.RetryAfter?.Delta?.TotalSeconds };
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        response.Dispose();
    }

    private async Task<bool> ReadSomeAsync(CancellationToken ct)
    {
        _stream ??= await response.Content.ReadAsStreamAsync(ct);
        var count = await _stream.ReadAsync(_buffer, ct);
        ReadBytes += count;
        _text.Append(_characters, 0, _decoder.GetChars(_buffer, 0, count, _characters, 0));
        return count > 0;
    }
}
