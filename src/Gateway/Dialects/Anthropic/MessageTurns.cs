using System.Collections.Frozen;
using System.Text.Json;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Reads <c>messages</c> and <c>system</c>: the roles are checked, every text is collected, whatever its role.</summary>
internal static class MessageTurns
{
    private static readonly FrozenSet<string> Roles = FrozenSet.Create(StringComparer.Ordinal, "user", "assistant", "system");
    private static readonly string RoleRule = "one of " + string.Join(", ", Roles.Order(StringComparer.Ordinal));

    public static void Read(ref JsonWalker json, PromptTexts texts)
    {
        if (!json.IsArray()) return;

        var count = 0;
        while (json.NextElement())
        {
            if (++count > ChatMessages.MostMessages)
            {
                json.Refuse($"is beyond the {ChatMessages.MostMessages} messages a request may have");
                return;
            }

            if (json.Token == JsonTokenType.StartObject) ReadTurn(ref json, texts);
            else json.Refuse("must be an object with a role and content");
        }

        if (count == 0) json.Refuse("must have at least one message");
    }

    /// <summary>The prompt that stands above the turns.</summary>
    public static void ReadSystem(ref JsonWalker json, PromptTexts texts)
    {
        texts.AddMessage();
        ContentBlocks.ReadAll(ref json, texts);
    }

    private static void ReadTurn(ref JsonWalker json, PromptTexts texts)
    {
        texts.AddMessage();
        var (hasRole, hasContent) = (false, false);
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "role":
                    hasRole = ReadRole(ref json);
                    break;
                case "content":
                    hasContent = ContentBlocks.ReadAll(ref json, texts);
                    break;
                default:
                    texts.AddWhole(ref json);
                    break;
            }
        }

        if (!hasRole) json.Refuse($"is required: {RoleRule}", "role", BodyRefusal.MissingParameter);
        if (!hasContent) json.Refuse("is required: a string or an array of content blocks", "content", BodyRefusal.MissingParameter);
    }

    private static bool ReadRole(ref JsonWalker json)
    {
        var role = json.Text();
        if (role is not null && !Roles.Contains(role)) json.Refuse($"must be {RoleRule}");
        return role is not null;
    }
}
