using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>One prompt of a completion: a text, or the tokens of one.</summary>
internal readonly record struct CompletionPrompt(string? Text, int[] Tokens)
{
    private const string Member = "prompt";
    private const string Forms = "must be a text, an array of texts, an array of tokens, or an array of such arrays.";

    /// <summary>The prompts of a body, in any of their four forms; none is an empty one.</summary>
    /// <exception cref="UntranslatableException">It is none of them.</exception>
    public static List<CompletionPrompt> ReadAll(JsonElement root)
    {
        if (Fields.Member(root, Member) is not { } member) return [new("", [])];
        if (member.ValueKind == JsonValueKind.String) return [OfText(member, Member)];
        if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() == 0) throw new UntranslatableException(Member, Forms);
        if (member[0].ValueKind == JsonValueKind.Number) return [OfTokens(member)];

        return [.. Fields.Items(member, Member).Select(item => item.Item.ValueKind == JsonValueKind.Array ? OfTokens(item.Item) : OfText(item.Item, item.Path))];
    }

    /// <summary>The text, be it that of the tokens; null when they cannot be read as the model's.</summary>
    public string? TextFor(TokenCounter counter) => Text ?? counter.Decode(Tokens);

    /// <summary>How many tokens it is.</summary>
    public int Count(TokenCounter counter) => Text is null ? Tokens.Length : counter.Count(Text);

    private static CompletionPrompt OfText(JsonElement value, string path) => new(Fields.TextOf(value, path), []);

    private static CompletionPrompt OfTokens(JsonElement values)
    {
        var tokens = new int[values.GetArrayLength()];
        var i = 0;
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out tokens[i++])) throw new UntranslatableException(Member, Forms);
        }

        return new(null, tokens);
    }
}
