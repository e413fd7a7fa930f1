using System.Collections.Frozen;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>What the first generation of the interface says of one model.</summary>
/// <param name="Endpoint">The last part of the address it is asked at.</param>
/// <param name="MaxCharacters">The most characters that all contents of a request may have together; null when it is not known.</param>
/// <param name="MaxOutputTokens">The most tokens that may be asked for; null when it is not known.</param>
/// <param name="TakesSystem">Whether instructions have a field of their own.</param>
/// <param name="TakesFunctions">Whether it calls functions; null when it is not known.</param>
/// <param name="Searches">Whether it looks things up on the web unless told not to.</param>
internal sealed record WenxinModel(
    string Endpoint, int? MaxCharacters = null, int? MaxOutputTokens = null, bool TakesSystem = true, bool? TakesFunctions = null, bool Searches = false);

/// <summary>The published models of the first generation by name and by endpoint.</summary>
internal static class WenxinModels
{
    private const char ScriptMark = '@';

    private static readonly (string[] Names, WenxinModel Model)[] Published =
    [
        (["ernie-bot", "ernie-3.5-8k"], Flagship("completions")),
        (["ernie-bot-4", "ernie-4.0-8k"], Flagship("completions_pro")),
        (["ernie-bot-turbo", "ernie-lite-8k-0922"], Small("eb-instant", 11_200, 1_024)),
        (["ernie-bot-8k"], new("ernie_bot_8k", TakesFunctions: true, Searches: true)),
        (["ernie-4.0-8k-latest"], Flagship("ernie-4.0-8k-latest")),
        (["ernie-4.0-8k-preview"], Flagship("ernie-4.0-8k-preview")),
        (["ernie-4.0-8k-0613"], Flagship("ernie-4.0-8k-0613")),
        (["ernie-4.0-8k-0329"], Flagship("ernie-4.0-8k-0329")),
        (["ernie-4.0-8k-0104"], Flagship("ernie-4.0-8k-0104")),
        (["ernie-4.0-8k-preview-0518"], Flagship("completions_adv_pro")),
        (["ernie-4.0-turbo-8k"], Flagship("ernie-4.0-turbo-8k")),
        (["ernie-4.0-turbo-8k-latest"], Flagship("ernie-4.0-turbo-8k-latest")),
        (["ernie-4.0-turbo-8k-preview"], Flagship("ernie-4.0-turbo-8k-preview")),
        (["ernie-3.5-128k"], Flagship("ernie-3.5-128k", 516_096, 8_192)),
        (["ernie-3.5-8k-0205"], Flagship("ernie-3.5-8k-0205")),
        (["ernie-3.5-8k-0329"], Flagship("ernie-3.5-8k-0329", 8_000)),
        (["ernie-3.5-8k-0613"], Flagship("ernie-3.5-8k-0613")),
        (["ernie-3.5-8k-0701"], Flagship("ernie-3.5-8k-0701")),
        (["ernie-3.5-8k-preview"], Flagship("ernie-3.5-8k-preview")),
        (["ernie-lite-8k", "ernie-lite-8k-0308"], Small("ernie-lite-8k", 11_200)),
        (["ernie-lite-pro-8k"], Small("ernie-lite-pro-8k", 24_000)),
        (["ernie-speed-8k", "ernie-speed"], Small("ernie_speed", 11_200)),
        (["ernie-speed-128k"], Small("ernie-speed-128k", 507_904, 4_096)),
        (["ernie-speed-pro-8k"], Small("ernie-speed-pro-8k", 24_000)),
        (["ernie-speed-pro-128k"], Small("ernie-speed-pro-128k", 516_096, 4_096)),
        (["ernie-tiny-8k"], Small("ernie-tiny-8k", 24_000)),
        (["ernie-novel-8k"], Small("ernie-novel-8k", 24_000)),
        (["ernie-character-8k"], Small("ernie-char-8k", 24_000)),
        (["ernie-character-fiction-8k"], Small("ernie-char-fiction-8k", 24_000, null)),
        (["ernie-functions-8k"], Small("ernie-func-8k", 24_000) with { TakesFunctions = true }),
        (["ernie-speed-appbuilder"], Small("ai_apaas", 11_200)),
        (["bloomz-7b"], Guest("bloomz_7b1")),
        (["llama-2-7b-chat"], Guest("llama_2_7b")),
        (["llama-2-13b-chat"], Guest("llama_2_13b")),
        (["llama-2-70b-chat"], Guest("llama_2_70b")),
        (["chatglm2-6b-32k"], Guest("chatglm2_6b_32k")),
        (["yi-34b-chat"], Guest("yi_34b_chat")),
        (["mixtral-8x7b-instruct"], Guest("mixtral_8x7b_instruct")),
    ];

    private static readonly FrozenDictionary<string, WenxinModel> ByName = Published
        .SelectMany(published => published.Names.Append(published.Model.Endpoint).Distinct().Select(name => KeyValuePair.Create(name, published.Model)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The model by a channel's name for it: a published name, an endpoint, or the lower-cased name as the endpoint of a model deployed by the operator.</summary>
    public static WenxinModel Find(string upstream)
    {
        var (name, script) = Split(upstream);
        var model = ByName.GetValueOrDefault(name) ?? Unlisted(name);
        return script.Length == 0 ? model : model with { Endpoint = model.Endpoint + script };
    }

    /// <summary>Whether the name is that of a published model for chats.</summary>
    public static bool IsChat(string upstream) => ByName.ContainsKey(Split(upstream).Name);

    /// <summary>What stands behind the mark is a script for the Sandbox; it goes along with the endpoint.</summary>
    public static (string Name, string Script) Split(string upstream)
    {
        var mark = upstream.IndexOf(ScriptMark, StringComparison.Ordinal);
        return mark < 0 ? (upstream, "") : (upstream[..mark], upstream[mark..]);
    }

    private static WenxinModel Unlisted(string name) =>
        new(name.ToLowerInvariant(), TakesSystem: name.StartsWith("ernie", StringComparison.OrdinalIgnoreCase) || name.StartsWith("eb-", StringComparison.OrdinalIgnoreCase));

    private static WenxinModel Flagship(string endpoint, int maxCharacters = 20_000, int maxOutputTokens = 2_048) =>
        new(endpoint, maxCharacters, maxOutputTokens, TakesFunctions: true, Searches: true);

    private static WenxinModel Small(string endpoint, int maxCharacters, int? maxOutputTokens = 2_048) => new(endpoint, maxCharacters, maxOutputTokens, TakesFunctions: false);

    private static WenxinModel Guest(string endpoint) => new(endpoint, 4_800, TakesSystem: false, TakesFunctions: false);
}
