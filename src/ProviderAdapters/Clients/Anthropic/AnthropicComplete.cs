using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>A call of Anthropic's old <c>POST /v1/complete</c>. No model speaks it any more: it becomes a chat for every family.</summary>
internal sealed class AnthropicComplete : ClientChat
{
    private const string Prompt = "prompt";

    // With so many of the client's own there is no room for the one that always holds.
    private const int MostStopsAnywhere = 4;

    private readonly JsonElement _root;
    private readonly bool _isCumulative;

    private AnthropicComplete(ReadOnlyMemory<byte> body, JsonElement root, bool isCumulative)
        : base(body)
    {
        _root = root;
        _isCumulative = isCumulative;
        Stream = Fields.Flag(root, "stream") ?? false;
    }

    public override bool Stream { get; }

    /// <param name="body">The request as the client sent it.</param>
    /// <param name="isCumulative">Whether each frame of a stream tells the whole text so far.</param>
    /// <param name="faultyMember">What is missing or malformed, when the answer is null.</param>
    public static AnthropicComplete? Read(ReadOnlyMemory<byte> body, bool isCumulative, out string? faultyMember)
    {
        faultyMember = null;
        try
        {
            var root = JsonElement.Parse(body.Span);
            if (root.ValueKind != JsonValueKind.Object) faultyMember = "body";
            else if (Fields.Text(root, "model") is null) faultyMember = "model";
            else return new AnthropicComplete(body, root, isCumulative);
        }
        catch (JsonException)
        {
            faultyMember = "body";
        }
        catch (UntranslatableException exception)
        {
            faultyMember = exception.Param;
        }

        return null;
    }

    public override string NameOf(string member) => member switch
    {
        _ when member.StartsWith("messages", StringComparison.Ordinal) || member == "system" => Prompt,
        "max_tokens" or "max_completion_tokens" => "max_tokens_to_sample",
        "stop" => "stop_sequences",
        "user" or "safety_identifier" => "metadata.user_id",
        _ => member,
    };

    public override int? CountPrompt(string? provider, string model)
    {
        try
        {
            return ChatPromptTokens.Count([.. Request.Messages.Select(message => message.Text)], provider, model);
        }
        catch (UntranslatableException)
        {
            return null;
        }
    }

    public override IAnswerWriter Translator(Func<AnswerHead> head) =>
        new CompletionFrames(head, _isCumulative, beginsWithSpace: Request.Messages[^1].Role != ChatRole.Assistant);

    protected override ChatRequest ReadRequest() => new()
    {
        Messages = ReadMessages(),
        MaxOutputTokens = Fields.Whole(_root, "max_tokens_to_sample") ?? throw new UntranslatableException("max_tokens_to_sample", "is missing."),
        Temperature = Fields.Number(_root, "temperature"),
        TopP = Fields.Number(_root, "top_p"),
        Stop = ReadStops() is { Count: < MostStopsAnywhere } stops ? [.. stops, HumanTurns.Human] : ReadStops(),
        User = Fields.Member(_root, "metadata") is { } metadata ? Fields.Text(metadata, "user_id", "metadata") : null,
        Stream = Stream,
        Root = _root,
    };

    // OpenAI's newest models take no stops at all, and none of those that chat speaks for its user: the one that is always there is left out.
    protected override OpenAiChat WriteInOpenAi()
    {
        if (Request.Messages[^1].Role == ChatRole.Assistant)
        {
            throw new UntranslatableException(Prompt, "must end with '\\n\\nAssistant:' for this model, which does not go on with an answer that was begun.");
        }

        var body = OpenAiChatRequest.Write(Request with { Stop = ReadStops() });
        return new OpenAiChat(body, ChatRequestShape.Read(body, out _)!);
    }

    private List<ChatMessage> ReadMessages()
    {
        var prompt = Fields.Text(_root, Prompt) ?? throw new UntranslatableException(Prompt, "is missing.");
        if (HumanTurns.Read(prompt) is not { } said)
        {
            throw new UntranslatableException(Prompt, "must begin with a '\\n\\nHuman:' turn after an optional system text, and end with a '\\n\\nAssistant:' turn.");
        }

        var messages = new List<ChatMessage>(said.Turns.Count + 1);
        if (!string.IsNullOrWhiteSpace(said.System)) messages.Add(new ChatMessage(ChatRole.System, [new TextPart(Prompt, said.System)]));
        for (var i = 0; i < said.Turns.Count; i++)
        {
            var (isHuman, text) = said.Turns[i];
            if (!isHuman && string.IsNullOrWhiteSpace(text)) continue; // the place for the answer, or an answer that was not given
            messages.Add(new ChatMessage(isHuman ? ChatRole.User : ChatRole.Assistant, [new TextPart(Prompt, text.StartsWith(' ') ? text[1..] : text)]));
        }

        return messages;
    }

    private List<string> ReadStops() => Fields.Member(_root, "stop_sequences") is { } listed
        ? [.. Fields.Items(listed, "stop_sequences").Select(item => Fields.TextOf(item.Item, item.Path))]
        : [];
}
