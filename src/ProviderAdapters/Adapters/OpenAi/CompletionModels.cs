using Aigc2d.ProviderAdapters.Channels;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Tells models that complete a text from those that chat, by their names.</summary>
internal sealed class CompletionModels(IOptions<OpenAiOptions> options)
{
    private const string FineTuned = "ft:";

    private readonly string[] _names = [.. options.Value.CompletionModels];

    /// <summary>Whether the model completes.</summary>
    public bool Include(ChannelModel model) => Include(model.CountedName());

    /// <summary>Whether a model of this name completes.</summary>
    public bool Include(string model)
    {
        var name = model.AsSpan()[(model.LastIndexOf('/') + 1)..];
        if (name.StartsWith(FineTuned, StringComparison.OrdinalIgnoreCase)) name = name[FineTuned.Length..];
        foreach (var beginning in _names)
        {
            if (name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
