using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>
/// A call of OpenAI's <c>POST /v1/completions</c>. A model that completes gets the client's own bytes; to one that chats the prompt is what its user
/// says.
/// </summary>
internal sealed class OpenAiCompletion(ReadOnlyMemory<byte> body, ChatRequestShape shape, CompletionModels completing) : ClientChat(body)
{
    private const int DefaultMaxTokens = 16;
    private const string OtherModel = "Leave it out, or call a model that completes texts.";

    // What only OpenAI's chats know besides the neutral call.
    private static readonly string[] OwnMembers = ["seed", "logit_bias"];

    private JsonElement? _root;

    public ChatRequestShape Shape { get; } = shape;

    public override bool Stream => Shape.Stream;

    public override string? PromptCacheKey => Shape.PromptCacheKey;

    private JsonElement Root => _root ??= JsonElement.Parse(Body.Span);

    /// <summary>What says how the prompt's tokens are to be read: the model as the client called it, for by that they were made and screened.</summary>
    private TokenCounter Vocabulary => TokenCounter.For(null, Fields.Text(Root, "model") ?? "");

    /// <summary>The request as a model that completes gets it.</summary>
    /// <exception cref="UntranslatableException">The prompt is tokens, and to that model they would say something else than what was screened.</exception>
    public List<ReadOnlyMemory<byte>> PassTo(ChannelModel model)
    {
        var isSame = TokenCounter.For("openai", model.CountedName()) == TokenCounter.For(null, model.Name);
        if (!isSame && CompletionPrompt.ReadAll(Root).Any(prompt => prompt.Text is null))
        {
            throw new UntranslatableException("prompt", "must be text for this model: nobody can say whose tokens these are.");
        }

        return Shape.Apply(Body, model.Upstream);
    }

    /// <summary>What reads the answer of a model that completes.</summary>
    public IAnswerReader ReaderOf(ChatAnswerReader inner)
    {
        // Nearly nobody asks for it, and to find out for certain the whole body has to be read.
        if (Body.Span.IndexOf("\"echo\""u8) < 0 || Fields.Flag(Root, "echo") is not true) return inner;

        var vocabulary = Vocabulary;
        return new EchoedPrompts(inner, [.. CompletionPrompt.ReadAll(Root).Select(prompt => prompt.TextFor(vocabulary) ?? "")], Fields.Whole(Root, "n") ?? 1);
    }

    public override string NameOf(string member) => member switch
    {
        _ when member.StartsWith("messages", StringComparison.Ordinal) => "prompt",
        "max_completion_tokens" => "max_tokens",
        _ => member,
    };

    public override int? CountPrompt(string? provider, string model)
    {
        try
        {
            var prompts = CompletionPrompt.ReadAll(Root);
            var counter = TokenCounter.For(provider, model);
            var isChat = !completing.Include(model);
            var suffix = Fields.Text(Root, "suffix") is { } text ? counter.Count(text) : 0;
            var tokens = prompts.Sum(prompt => (long)prompt.Count(counter) + suffix + (isChat ? ChatPromptTokens.Count([""], provider, model) : 0));
            return (int)Math.Min(int.MaxValue, tokens);
        }
        catch (Exception exception) when (exception is UntranslatableException or JsonException)
        {
            return null;
        }
    }

    public override IAnswerWriter Translator(Func<AnswerHead> head) => new TranslatedTexts(head, Shape.IncludeUsage);

    protected override ChatRequest ReadRequest()
    {
        var choices = Fields.Whole(Root, "n") ?? 1;
        RefuseWhatChatsCannot(choices);
        if (Fields.Member(Root, "prompt") is null) throw new UntranslatableException("prompt", "is missing.");
        var prompts = CompletionPrompt.ReadAll(Root);
        if (prompts.Count > 1) throw new UntranslatableException("prompt", "must be one text for this model, which chats. Send a request for each of them.");

        var text = prompts[0].TextFor(Vocabulary) ?? throw new UntranslatableException("prompt", "must be text for this model: its tokens cannot be read here.");
        return new ChatRequest
        {
            Messages = [new ChatMessage(ChatRole.User, [new TextPart("prompt", text)])],
            MaxOutputTokens = Fields.Whole(Root, "max_tokens") ?? DefaultMaxTokens,
            Temperature = Fields.Number(Root, "temperature"),
            TopP = Fields.Number(Root, "top_p"),
            PresencePenalty = Fields.Number(Root, "presence_penalty"),
            FrequencyPenalty = Fields.Number(Root, "frequency_penalty"),
            Stop = ChatRequestReader.ReadStop(Root),
            User = Fields.Text(Root, "safety_identifier") ?? Fields.Text(Root, "user"),
            Choices = choices,
            Stream = Stream,
            Root = Root,
        };
    }

    protected override OpenAiChat WriteInOpenAi()
    {
        var written = OpenAiChatRequest.Write(Request);
        var body = new ArrayBufferWriter<byte>(written.Length + 256);
        body.Write(written.AsSpan()[..^1]);
        foreach (var name in OwnMembers)
        {
            if (Fields.Member(Root, name) is not { } value) continue;
            body.Write(Encoding.UTF8.GetBytes($",\"{name}\":"));
            body.Write(JsonMarshal.GetRawUtf8Value(value));
        }

        body.Write("}"u8);
        return new OpenAiChat(body.WrittenMemory, ChatRequestShape.Read(body.WrittenSpan, out _)!);
    }

    private void RefuseWhatChatsCannot(int choices)
    {
        if (Fields.Text(Root, "suffix") is { Length: > 0 }) throw new UntranslatableException("suffix", $"cannot be given to this model, which chats: it has no place to insert at. {OtherModel}");
        if (Fields.Flag(Root, "echo") is true) throw new UntranslatableException("echo", "must be false for this model, which chats. Put the prompt before the answer yourself.");
        if (Fields.Member(Root, "logprobs") is { ValueKind: not JsonValueKind.False }) throw new UntranslatableException("logprobs", $"cannot be told by this model, which chats. {OtherModel}");
        if (Fields.Number(Root, "best_of") > choices) throw new UntranslatableException("best_of", $"must not be more than 'n' for this model, which chats. {OtherModel}");
    }
}
