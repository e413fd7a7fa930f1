using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects;

/// <summary>
/// Collects, while a body is walked, the texts to screen and what the prompt counts. The tokens are counted once, at the end: the model's name decides
/// how, and it may come last.
/// </summary>
internal sealed class PromptTexts
{
    private readonly List<string> _texts = [];
    private readonly List<string> _uncounted = [];
    private readonly List<(ImageSize Size, bool IsLowDetail)> _sizes = [];
    private readonly List<PromptImage> _images = [];
    private readonly PromptTools _tools = new();
    private long _messages;
    private long _overhead;

    /// <summary>Everything to screen, in the order of the body.</summary>
    public string[] Texts => [.. _texts];

    /// <summary>Every image, in the order of the body.</summary>
    public PromptImage[] Images => [.. _images];

    /// <summary>The tokens of the prompt if <paramref name="model"/> reads it, as they are held for before the call: what is counted after it, in bounded time.</summary>
    public int TokensFor(string model)
    {
        var counter = TokenCounter.ForHold(model);
        var tokens = _overhead + SampledTokens.Count(_uncounted, counter, Random.Shared) + _tools.Count(counter);
        if (counter.HasChatOverhead && _messages > 0) tokens += PromptFraming.BeforeTheAnswer + (_messages * PromptFraming.PerMessage);
        foreach (var (size, isLowDetail) in _sizes) tokens += ImageTokens.Count(model, size, isLowDetail);
        return (int)Math.Min(int.MaxValue, tokens);
    }

    /// <summary>A message of a chat; its texts are added by themselves.</summary>
    public void AddMessage() => _messages++;

    public void AddOverhead(int tokens) => _overhead += tokens;

    /// <param name="image">Where it is.</param>
    /// <param name="size">The image's size; null when it cannot be read, as behind an address.</param>
    /// <param name="isLowDetail">Whether the model is to look at it coarsely.</param>
    public void AddImage(PromptImage image, ImageSize? size = null, bool isLowDetail = false)
    {
        _images.Add(image);
        _sizes.Add((size ?? ImageTokens.Unread, isLowDetail));
    }

    public void AddAudio() => _overhead += PromptFraming.PerAudio;

    public void AddFile() => _overhead += PromptFraming.PerFile;

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;

        _texts.Add(text);
        _uncounted.Add(text);
    }

    /// <summary>Takes a text whose tokens the client has sent instead of it: it is screened, and counts what came.</summary>
    public void AddCounted(string text, int tokens)
    {
        if (text.Length > 0) _texts.Add(text);
        _overhead += tokens;
    }

    /// <summary>Takes an array of objects whose framing is known, as calls: one text for each, and <paramref name="tokensEach"/> beside it.</summary>
    public void AddEach(ref JsonWalker json, int tokensEach)
    {
        if (!json.IsArray()) return;

        while (json.NextElement() && IsObject(ref json))
        {
            var gathered = JsonTexts.Gather(ref json);
            Add(gathered.Text);
            _overhead += tokensEach + gathered.ValueTokens;
        }
    }

    /// <summary>Takes an array of tools, or of functions as older clients send them: one text for each.</summary>
    public void AddTools(ref JsonWalker json)
    {
        if (!json.IsArray()) return;

        var begin = json.Position;
        var definitions = new List<JsonTexts>();
        while (json.NextElement() && IsObject(ref json)) definitions.Add(JsonTexts.Gather(ref json));
        if (json.Token != JsonTokenType.EndArray || definitions.Count == 0) return;

        _texts.AddRange(definitions.Select(definition => definition.Text).Where(text => text.Length > 0));
        _tools.Add(json.Since(begin), definitions);
    }

    /// <summary>Takes any value as one text made of its strings and of the names that are not words of the format; it counts as the JSON that it is.</summary>
    public void AddWhole(ref JsonWalker json)
    {
        var gathered = JsonTexts.Gather(ref json);
        Add(gathered.Text);
        _overhead += gathered.WordTokens + gathered.ValueTokens;
    }

    /// <summary>Takes what describes the form of the answer.</summary>
    public void AddAnswerFormat(ref JsonWalker json)
    {
        var countedBefore = _uncounted.Count;
        AddWhole(ref json);
        // One that only names a kind, as json_object, has no schema.
        if (_uncounted.Count > countedBefore) _overhead += PromptFraming.PerAnswerSchema;
    }

    private static bool IsObject(ref JsonWalker json) => json.Token == JsonTokenType.StartObject || json.Refuse("must be an object");
}
