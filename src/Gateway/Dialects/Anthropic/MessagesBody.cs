using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>The body of <c>POST /v1/messages</c>, and of <c>/v1/messages/count_tokens</c>, which has no limit.</summary>
internal sealed class MessagesBody(bool isCounted = false) : CallBody
{
    private static readonly FieldNames Documented = new(
        [
            "model", "max_tokens", "messages", "system", "stop_sequences", "stream", "temperature", "top_p", "top_k", "tools", "tool_choice", "thinking",
            "output_config", "metadata", "service_tier", "cache_control", "container", "inference_geo", "speed", "diagnostics", "user_profile_id", "workspace_id",
        ],
        ["tool_choice", "container"]);

    private bool _hasMessages;
    private int? _maxTokens;
    private bool? _stream;

    protected override FieldNames Names => Documented;

    protected override string Essentials => isCounted ? "model and messages" : "model, max_tokens and messages";

    protected override bool TryReadField(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "messages":
                MessageTurns.Read(ref json, Prompt);
                _hasMessages = json.Token == JsonTokenType.EndArray;
                return true;
            case "system":
                MessageTurns.ReadSystem(ref json, Prompt);
                return true;
            case "max_tokens":
                _maxTokens = json.Integer(0, int.MaxValue);
                return true;
            case "stream":
                _stream = json.Boolean();
                return true;
            case "tools":
                Prompt.AddTools(ref json);
                return true;
            case "tool_choice":
                if (json.IsObject()) Prompt.AddWhole(ref json);
                return true;
            case "output_config":
                ReadOutputConfig(ref json);
                return true;
            case "metadata":
                EndUser = Metadata.ReadUser(ref json);
                return true;
            default:
                return false;
        }
    }

    protected override BodyRefusal? FaultOfAll()
    {
        if (!_hasMessages) return Missing("messages", "an array of messages");
        return _maxTokens is null && !isCounted ? Missing("max_tokens", "the most tokens that the answer may have") : null;
    }

    protected override CallRequest RequestFor(string model) => new()
    {
        Model = model,
        Texts = Prompt.Texts,
        Images = Prompt.Images,
        InputTokens = Prompt.TokensFor(model),
        // Nothing is answered to 0, which only warms a cache; but no hold is for less than a token.
        MaxOutputTokens = Math.Max(1, _maxTokens ?? 1),
        Stream = !isCounted && (_stream ?? false),
    };

    private void ReadOutputConfig(ref JsonWalker json)
    {
        if (!json.IsObject()) return;

        while (json.NextMember())
        {
            if (json.Name == "format") Prompt.AddAnswerFormat(ref json);
            else if (json.Name == "effort") json.Text();
            else Prompt.AddWhole(ref json);
        }
    }
}
