namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// Counts the tokens of a text for one family of models: exactly where its encoding is public, else by the expected ratio to one that is.
/// Meant for what was used; before a call <see cref="SampledTokens"/> counts with it in bounded time.
/// </summary>
public sealed class TokenCounter
{
    private const int One = 1_000;

    private static readonly TokenCounter O200k = new(BytePairEncoding.O200k, One);
    private static readonly TokenCounter Cl100k = new(BytePairEncoding.Cl100k, One);
    private static readonly TokenCounter Claude4 = new(BytePairEncoding.Cl100k, 1_100);
    private static readonly TokenCounter Claude5 = new(BytePairEncoding.Cl100k, 1_300);
    private static readonly TokenCounter Ernie = new(null, One);
    private static readonly TokenCounter ErnieHold = new(BytePairEncoding.O200k, One) { HasChatOverhead = false };
    private static readonly TokenCounter Unknown = new(BytePairEncoding.O200k, 1_200);

    // The first prefix that fits decides, so the longer stand before the shorter.
    private static readonly (string Prefix, TokenCounter Counter)[] ByModel =
    [
        ("gpt-4o", O200k), ("gpt-4.", O200k), ("chatgpt-", O200k), ("gpt-3.5-", Cl100k), ("gpt-35-", Cl100k), ("gpt-4", Cl100k), ("gpt-", O200k),
        ("o1", O200k), ("o3", O200k), ("o4", O200k), ("codex-", O200k), ("computer-use-", O200k),
        ("text-embedding-", Cl100k), ("davinci-002", Cl100k), ("babbage-002", Cl100k),
        ("claude-instant", Claude4), ("claude-2", Claude4), ("claude-3", Claude4),
        ("claude-opus-4", Claude4), ("claude-sonnet-4", Claude4), ("claude-haiku-4", Claude4), ("claude", Claude5),
        ("ernie", Ernie), ("eb-", Ernie), ("completions_pro", Ernie),
    ];

    private readonly BytePairEncoding? _encoding;
    private readonly int _thousandths;

    private TokenCounter(BytePairEncoding? encoding, int thousandths)
    {
        _encoding = encoding;
        _thousandths = thousandths;
        HasChatOverhead = encoding is not null;
    }

    /// <summary>Whether the count is the provider's own.</summary>
    public bool IsExact => _encoding is not null && _thousandths == One && HasChatOverhead;

    /// <summary>Tokens around each message of a chat and before its answer; a family that documents none has none.</summary>
    public bool HasChatOverhead { get; private init; }

    /// <summary>Whether tools are framed as for the older encoding.</summary>
    internal bool IsCl100k => _encoding == BytePairEncoding.Cl100k;

    /// <summary>Whether the model is one of Anthropic's.</summary>
    internal bool IsClaude => this == Claude4 || this == Claude5;

    /// <summary>Where texts may be cut.</summary>
    internal SplitRule Rule => _encoding?.Rule ?? SplitRule.O200k;

    /// <summary>The counter of a model as its provider calls it, for example <c>gpt-4o-mini</c>; a name that is unknown is judged by its provider.</summary>
    public static TokenCounter For(string? provider, string model) => Find(model) ?? provider switch
    {
        "anthropic" => Claude5,
        "wenxin" or "wenxin-v2" => Ernie,
        _ => Unknown,
    };

    /// <summary>
    /// The counter for a hold, which knows no provider yet. ERNIE's estimator takes any text without spaces for one word, so that a hold by it could be
    /// a token for megabytes; the byte pairs are a little above it for Chinese and English and grow with every text.
    /// </summary>
    public static TokenCounter ForHold(string model) => For(null, model) is var counter && counter == Ernie ? ErnieHold : counter;

    /// <summary>Whether the name alone says how a model counts.</summary>
    public static bool IsKnown(string model) => Find(model) is not null;

    public int Count(ReadOnlySpan<char> text) => Scale(_encoding?.Count(text) ?? ErnieTokens.Count(text));

    /// <summary>
    /// The text of token ids as clients may send them instead of text; null when one is not the id of a text, and for every model whose encoding is not
    /// public: what cannot be read cannot be screened.
    /// </summary>
    public string? Decode(ReadOnlySpan<int> ids) => IsExact ? _encoding!.Decode(ids) : null;

    /// <summary>Counts the beginning of a text that goes on, as far as nothing behind it can change the count; 0 taken means that there is no such part.</summary>
    internal int CountSettled(ReadOnlySpan<char> text, out int taken)
    {
        if (_encoding is not null) return Scale(_encoding.CountSettled(text, out taken));

        taken = text.LastIndexOfAny(' ', '\n') + 1;
        return ErnieTokens.Count(text[..taken]);
    }

    private static TokenCounter? Find(string model)
    {
        var name = ModelName.Bare(model);
        foreach (var (prefix, counter) in ByModel)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return counter;
        }

        return null;
    }

    private int Scale(int tokens) => _thousandths == One ? tokens : (int)Math.Min(int.MaxValue, (((long)tokens * _thousandths) + One - 1) / One);
}
