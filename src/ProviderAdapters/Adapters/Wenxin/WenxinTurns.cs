using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>One message as the provider takes it: user, assistant with at most one call, or function with a result.</summary>
internal sealed record WenxinTurn(string Role, string Content)
{
    /// <summary>The function whose result this is.</summary>
    public string? Name { get; init; }

    public ToolCall? Call { get; init; }
}

/// <summary>
/// Puts a conversation into the order that the provider insists on: the user begins, sides alternate, and the user or a function has the last
/// word. Neighbours of one side become one message, an answer before any question is left out, several calls of one message become a row of
/// calls, each with its result.
/// </summary>
internal sealed class WenxinTurns
{
    private const string User = "user";
    private const string Assistant = "assistant";
    private const string Function = "function";

    // The provider refuses an empty content, and a blank one with it.
    private const string Nothing = "/";

    private readonly List<WenxinTurn> _turns = [];
    private readonly List<string> _instructions = [];
    private readonly IReadOnlyList<ChatMessage> _messages;

    private WenxinTurns(IReadOnlyList<ChatMessage> messages) => _messages = messages;

    /// <summary>The instructions, one line each message; empty when there are none.</summary>
    public string System => string.Join('\n', _instructions);

    public IReadOnlyList<WenxinTurn> Turns => _turns;

    /// <exception cref="UntranslatableException">The messages cannot be put into that order, or have parts that are not text.</exception>
    public static WenxinTurns Of(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new WenxinTurns(messages);
        for (var i = 0; i < messages.Count; i++) i = turns.Add(i);
        turns.CheckEnds();
        turns.FillGaps();
        return turns;
    }

    /// <summary>Adds the message and what belongs to it; answers the index of the last that was added.</summary>
    private int Add(int index)
    {
        var message = _messages[index];
        var text = TextOf(message);
        switch (message.Role)
        {
            case ChatRole.System:
                if (text.Length > 0) _instructions.Add(text);
                return index;
            case ChatRole.User:
                AddUser(text);
                return index;
            case ChatRole.Assistant when message.ToolCalls.Count == 0:
                AddAssistant(text, null);
                return index;
            case ChatRole.Assistant:
                return AddCalls(index, text);
            default:
                throw new UntranslatableException($"messages[{index}].tool_call_id", "answers no call of the message before it.");
        }
    }

    private void AddUser(string text)
    {
        if (_turns.Count > 0 && _turns[^1].Role == Function) AddAssistant(Nothing, null);
        if (_turns.Count > 0 && _turns[^1].Role == User) _turns[^1] = _turns[^1] with { Content = Joined(_turns[^1].Content, text) };
        else _turns.Add(new WenxinTurn(User, text));
    }

    private void AddAssistant(string text, ToolCall? call)
    {
        if (_turns.Count == 0) return;
        if (_turns[^1].Role == Assistant) _turns[^1] = _turns[^1] with { Content = Joined(_turns[^1].Content, text), Call = call };
        else _turns.Add(new WenxinTurn(Assistant, text) { Call = call });
    }

    private int AddCalls(int index, string text)
    {
        var message = _messages[index];
        var end = index + 1;
        while (end < _messages.Count && _messages[end].Role == ChatRole.Tool) end++;
        var results = Enumerable.Range(index + 1, end - index - 1).ToList();
        foreach (var call in message.ToolCalls)
        {
            var answer = results.FindIndex(i => IsAnswer(_messages[i], call));
            if (answer < 0) throw new UntranslatableException($"messages[{index}].tool_calls", $"must be followed by one tool message each; '{call.Id}' has none.");
            var result = TextOf(_messages[results[answer]]);
            results.RemoveAt(answer);
            AddAssistant(text, call);
            text = "";
            if (_turns.Count > 0) _turns.Add(new WenxinTurn(Function, AsJson(result)) { Name = call.Name });
        }

        return results.Count == 0 ? end - 1 : throw new UntranslatableException($"messages[{results[0]}].tool_call_id", "answers no call of the message before it.");
    }

    private static bool IsAnswer(ChatMessage result, ToolCall call) => result.ToolCallId is { } id ? id == call.Id : result.Name == call.Name;

    private void CheckEnds()
    {
        if (_turns.Count == 0) throw new UntranslatableException("messages", "must have a message of the user's.");
        if (_turns[^1].Role == Assistant)
        {
            throw new UntranslatableException(
                $"messages[{_messages.Count - 1}]", "is the assistant's: this model cannot go on with an answer that was begun. End with a message of the user's or a tool's.");
        }

        if (_turns[^1].Role == User && string.IsNullOrWhiteSpace(_turns[^1].Content))
        {
            throw new UntranslatableException($"messages[{_messages.Count - 1}].content", "must not be empty: this model needs a text in the last message.");
        }
    }

    private void FillGaps()
    {
        for (var i = 0; i < _turns.Count; i++)
        {
            if (_turns[i].Call is null && string.IsNullOrWhiteSpace(_turns[i].Content)) _turns[i] = _turns[i] with { Content = Nothing };
        }
    }

    private static string TextOf(ChatMessage message)
    {
        foreach (var part in message.Parts)
        {
            if (part is not TextPart) throw new UntranslatableException(part.Path, "is not text: this model reads text only. Leave it out, or call a model that takes it.");
        }

        return message.Text;
    }

    private static string Joined(string before, string after)
    {
        if (after.Length == 0) return before;
        return string.IsNullOrWhiteSpace(before) ? after : $"{before}\n{after}";
    }

    /// <summary>A result must be an object or a list; anything else is put into one.</summary>
    private static string AsJson(string result)
    {
        try
        {
            var json = JsonElement.Parse(result);
            return json.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? result : JsonSerializer.Serialize(new { result = json }, WenxinRequest.Options);
        }
        catch (JsonException)
        {
            return JsonSerializer.Serialize(new { result }, WenxinRequest.Options);
        }
    }
}
