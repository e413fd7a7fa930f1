namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Names of models as channels have them: <c>vendor/name</c> and <c>name@version</c> besides the plain name.</summary>
internal static class ModelName
{
    /// <summary>The plain name.</summary>
    public static ReadOnlySpan<char> Bare(ReadOnlySpan<char> model)
    {
        if (model.IndexOf('@') is var at and > 0) model = model[..at];
        return model[(model.LastIndexOf('/') + 1)..];
    }
}
