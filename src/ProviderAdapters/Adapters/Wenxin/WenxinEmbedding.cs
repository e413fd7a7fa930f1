using System.Collections.Frozen;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>What both generations of the interface say of one embedding model.</summary>
/// <param name="Name">The second generation's name for it.</param>
/// <param name="Endpoint">The last part of the address it is asked at in the first.</param>
/// <param name="MaxInputs">The most texts of one request; null when it is not known.</param>
/// <param name="MaxCharacters">The most characters of one text; null when it is not known.</param>
/// <param name="Dimensions">How long its vectors are, always; null when it is not known.</param>
internal sealed record WenxinEmbedding(string Name, string Endpoint, int? MaxInputs = null, int? MaxCharacters = null, int? Dimensions = null)
{
    private static readonly FrozenDictionary<string, WenxinEmbedding> ByName = new WenxinEmbedding[]
    {
        new("embedding-v1", "embedding-v1", 16, 1_000, 384),
        new("bge-large-zh", "bge_large_zh", 16, 2_000, 1_024),
        new("bge-large-en", "bge_large_en", 16, 2_000, 1_024),
        new("tao-8k", "tao_8k", 1, 28_000, 1_024),
    }.SelectMany(model => new[] { model.Name, model.Endpoint }.Distinct().Select(name => KeyValuePair.Create(name, model))).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The model by a channel's name for it: a published name, an endpoint, or the name of a model deployed by the operator.</summary>
    public static WenxinEmbedding Find(string upstream)
    {
        var (name, script) = WenxinModels.Split(upstream);
        return ByName.GetValueOrDefault(name) is { } known
            ? known with { Name = known.Name + script, Endpoint = known.Endpoint + script }
            : new WenxinEmbedding(upstream, name.ToLowerInvariant() + script);
    }
}
