using System.Collections.Frozen;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Reads <c>messages</c>: the roles are checked, every text is collected, whatever its role.</summary>
internal static class ChatMessages
{
    // Far above any conversation, far below what would keep a core busy.
    public const int MostMessages = 10_000;

    private static readonly FrozenSet<string> Roles = FrozenSet.Create(StringComparer.Ordinal, "system", "developer", "user", "assistant", "tool", "function");

    public static void Read(ref JsonWalker json, PromptTexts texts)
    {
        if (!json.IsArray()) return;

        var count = 0;
        while (json.NextElement())
        {
            if (++count > MostMessages)
            {
                json.Refuse($"is beyond the {MostMessages} messages a request may have");
                return;
            }

            if (json.Token == JsonTokenType.StartObject) ReadMessage(ref json, texts);
            else json.Refuse("must be an object with a role and content");
        }

        if (count == 0) json.Refuse("must have at least one message");
    }

    private static void ReadMessage(ref JsonWalker json, PromptTexts texts)
    {
        texts.AddMessage();
        string? role = null;
        var hasContent = false;
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "role":
                    role = ReadRole(ref json);
                    break;
                case "content":
                    hasContent = ReadContent(ref json, texts);
                    break;
                case "name":
                    texts.AddOverhead(PromptFraming.PerName);
                    texts.Add(json.Text());
                    break;
                case "refusal":
                    texts.Add(json.Text());
                    break;
                case "tool_calls":
                    texts.AddEach(ref json, PromptFraming.PerToolCall);
                    break;
                case "tool_call_id":
                    texts.AddOverhead(PromptFraming.PerToolCallId);
                    json.Text();
                    break;
                case "audio":
                    json.Skip();
                    break;
                default:
                    texts.AddWhole(ref json);
                    break;
            }
        }

        if (role is null) json.Refuse("is required: one of " + string.Join(", ", Roles.Order(StringComparer.Ordinal)), "role", BodyRefusal.MissingParameter);
        // An assistant may have called tools and a function may have answered nothing; the others have said something.
        if (!hasContent && role is not ("assistant" or "function")) json.Refuse("is required: a string or an array of content parts", "content", BodyRefusal.MissingParameter);
    }

    private static string? ReadRole(ref JsonWalker json)
    {
        var role = json.Text();
        if (role is not null && !Roles.Contains(role)) json.Refuse("must be one of " + string.Join(", ", Roles.Order(StringComparer.Ordinal)));
        return role;
    }

    private static bool ReadContent(ref JsonWalker json, PromptTexts texts)
    {
        switch (json.Token)
        {
            case JsonTokenType.String:
                texts.Add(json.Text());
                return true;
            case JsonTokenType.StartArray:
                while (json.NextElement()) ContentParts.Read(ref json, texts);
                return true;
            case JsonTokenType.Null:
                return false;
            default:
                return json.Refuse("must be a string or an array of content parts");
        }
    }
}
