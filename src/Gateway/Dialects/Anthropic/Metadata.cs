namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Reads the <c>metadata</c> of a body: in it Anthropic's clients name their end user.</summary>
internal static class Metadata
{
    /// <summary>The <c>user_id</c> of the object that the walker stands at; null when there is none.</summary>
    public static string? ReadUser(ref JsonWalker json)
    {
        string? user = null;
        if (!json.IsObject()) return null;

        while (json.NextMember())
        {
            if (json.Name == "user_id") user = json.Text();
            else json.Skip();
        }

        return user;
    }
}
