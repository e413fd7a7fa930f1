namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The fields of OpenAI's bodies that say how much output is wanted and how: <c>max_tokens</c>, <c>n</c>, <c>stream</c>, <c>stream_options</c>.</summary>
/// <param name="leastMaxTokens">The least that <c>max_tokens</c> may be.</param>
internal sealed class OutputFields(int leastMaxTokens = 1)
{
    private const int MostChoices = 128;
    private bool _hasStreamOptions;

    public int? MaxTokens { get; private set; }

    public int? Choices { get; private set; }

    public bool? Stream { get; private set; }

    public bool IncludeUsage { get; private set; }

    /// <summary>Takes the member that the walker stands at if it is one of these.</summary>
    public bool TryRead(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "max_tokens":
                MaxTokens = json.Integer(leastMaxTokens, int.MaxValue);
                return true;
            case "n":
                Choices = json.Integer(1, MostChoices);
                return true;
            case "stream":
                Stream = json.Boolean();
                return true;
            case "stream_options":
                ReadStreamOptions(ref json);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What is wrong between them.</summary>
    /// <param name="limit">The name of the field that limits the output.</param>
    /// <param name="otherMaxTokens">The limit, when it is not <c>max_tokens</c>.</param>
    /// <param name="choices">How many answers are made, when <c>n</c> does not say it.</param>
    public BodyRefusal? FaultOfAll(string limit, int? otherMaxTokens = null, int? choices = null)
    {
        if (_hasStreamOptions && Stream is not true) return new("stream_options", BodyRefusal.InvalidValue, "Invalid 'stream_options': is only allowed when 'stream' is true.");

        var most = (long)(MaxTokens ?? otherMaxTokens ?? 0) * (choices ?? Choices ?? 1);
        return most > int.MaxValue ? new(limit, BodyRefusal.InvalidValue, $"Invalid '{limit}': times 'n' must not exceed {int.MaxValue} tokens.") : null;
    }

    private void ReadStreamOptions(ref JsonWalker json)
    {
        if (!json.IsObject()) return;

        _hasStreamOptions = true;
        while (json.NextMember())
        {
            if (json.Name == "include_usage") IncludeUsage = json.Boolean() ?? false;
            else if (json.Name == "include_obfuscation") json.Boolean();
            else json.Skip();
        }
    }
}
