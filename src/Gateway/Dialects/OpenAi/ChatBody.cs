using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Reads the body of <c>POST /v1/chat/completions</c> once, as far as admission needs it.</summary>
internal static class ChatBody
{
    private const int LongestModelName = 200;
    private const int MostChoices = 128;
    private const int MostLogprobs = 20;
    private const int TokensPerTool = 8;
    private const int TokensOfTools = 16;

    /// <summary>Reads and checks. Exactly one of the two results is set.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ChatRequest? request, [NotNullWhen(false)] out BodyRefusal? refusal)
    {
        request = null;
        if (body.IsEmpty) refusal = new(null, BodyRefusal.InvalidJson, "The request body is empty; send a JSON object with model and messages.");
        else if (!Utf8.IsValid(body)) refusal = new(null, BodyRefusal.InvalidJson, "The request body is not valid UTF-8.");
        else refusal = Walk(body, out request);
        return refusal is null;
    }

    private static BodyRefusal? Walk(ReadOnlySpan<byte> body, out ChatRequest? request)
    {
        request = null;
        var fields = new Fields();
        var texts = new PromptTexts();
        var json = new JsonWalker(body);
        if (json.Start() && !json.IsObject()) json.Refuse("must be a JSON object");
        while (json.NextMember()) ReadField(ref json, fields, texts);
        json.Finish();

        var refusal = json.Refusal ?? fields.FaultOfAll();
        if (refusal is not null) return refusal;

        request = new ChatRequest
        {
            Model = fields.Model!,
            Texts = texts.Texts,
            InputTokens = texts.InputTokens,
            MaxOutputTokens = fields.MaxTokens ?? fields.MaxCompletionTokens,
            Choices = fields.Choices ?? 1,
            Stream = fields.Stream ?? false,
            IncludeUsage = fields.IncludeUsage,
        };
        return null;
    }

    private static void ReadField(ref JsonWalker json, Fields fields, PromptTexts texts)
    {
        switch (json.Name)
        {
            case "model":
                fields.Model = ReadModel(ref json);
                break;
            case "messages":
                ChatMessages.Read(ref json, texts);
                fields.HasMessages = json.Token == JsonTokenType.EndArray;
                break;
            case "max_tokens":
                fields.MaxTokens = json.Integer(1, int.MaxValue);
                break;
            case "max_completion_tokens":
                fields.MaxCompletionTokens = json.Integer(1, int.MaxValue);
                break;
            case "n":
                fields.Choices = json.Integer(1, MostChoices);
                break;
            case "top_logprobs":
                json.Integer(0, MostLogprobs);
                break;
            case "stream":
                fields.Stream = json.Boolean();
                break;
            case "stream_options":
                ReadStreamOptions(ref json, fields);
                break;
            case "tools" or "functions":
                texts.AddOverhead(TokensOfTools);
                texts.AddEach(ref json, TokensPerTool);
                break;
            default:
                ReadOther(ref json, texts);
                break;
        }
    }

    private static void ReadOther(ref JsonWalker json, PromptTexts texts)
    {
        // A reader that ignores case would take the stranger for the field and ask for more than is held.
        if (ChatFields.MisspeltName(json.Name) is { } name) json.Refuse($"differs from '{name}' only in case; send '{name}'");
        else if (ChatFields.TypesOf(json.Name) is { } types && !json.Is(types)) return;
        else if (ChatFields.MayHoldPrompt(json.Name)) texts.AddWhole(ref json);
        else json.Skip();
    }

    private static string? ReadModel(ref JsonWalker json)
    {
        var model = json.Text();
        if (model is null) return null;

        if (model.Length is 0 or > LongestModelName || string.IsNullOrWhiteSpace(model)) json.Refuse($"must be the name of a model, 1 to {LongestModelName} characters");
        else if (!JsonStrings.IsPlainName(model)) json.Refuse("must be the name of a model, without control or invisible characters");
        return model;
    }

    private static void ReadStreamOptions(ref JsonWalker json, Fields fields)
    {
        if (!json.IsObject()) return;

        fields.HasStreamOptions = true;
        while (json.NextMember())
        {
            if (json.Name == "include_usage") fields.IncludeUsage = json.Boolean() ?? false;
            else if (json.Name == "include_obfuscation") json.Boolean();
            else json.Skip();
        }
    }

    /// <summary>The fields met so far and the rules between them.</summary>
    private sealed class Fields
    {
        public string? Model { get; set; }

        public bool HasMessages { get; set; }

        public int? MaxTokens { get; set; }

        public int? MaxCompletionTokens { get; set; }

        public int? Choices { get; set; }

        public bool? Stream { get; set; }

        public bool HasStreamOptions { get; set; }

        public bool IncludeUsage { get; set; }

        public BodyRefusal? FaultOfAll()
        {
            if (Model is null) return Missing("model", "the name of a model");
            if (!HasMessages) return Missing("messages", "an array of messages");
            if (MaxTokens is not null && MaxCompletionTokens is not null) return Invalid("max_tokens", "cannot be sent together with 'max_completion_tokens'; send one of them");
            if (HasStreamOptions && Stream is not true) return Invalid("stream_options", "is only allowed when 'stream' is true");

            var limit = MaxTokens is not null ? "max_tokens" : "max_completion_tokens";
            var most = (long)(MaxTokens ?? MaxCompletionTokens ?? 0) * (Choices ?? 1);
            return most > int.MaxValue ? Invalid(limit, $"times 'n' must not exceed {int.MaxValue} tokens") : null;
        }

        private static BodyRefusal Missing(string name, string wanted) => new(name, BodyRefusal.MissingParameter, $"Missing '{name}': {wanted} is required.");

        private static BodyRefusal Invalid(string name, string rule) => new(name, BodyRefusal.InvalidValue, $"Invalid '{name}': {rule}.");
    }
}
