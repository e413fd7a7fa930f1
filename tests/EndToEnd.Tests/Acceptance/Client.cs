namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>The official clients, with their pinned versions in Directory.Packages.props and in clients/package.json.</summary>
internal static class Client
{
    /// <summary>NuGet <c>OpenAI</c>.</summary>
    public const string OpenAiDotNet = "OpenAI .NET";

    /// <summary>npm <c>openai</c>.</summary>
    public const string OpenAiJs = "openai JS";

    /// <summary>NuGet <c>Anthropic</c>.</summary>
    public const string AnthropicDotNet = "Anthropic .NET";

    /// <summary>npm <c>@anthropic-ai/sdk</c> 0.137: <c>x-api-key</c>, <c>/v1/complete</c>.</summary>
    public const string AnthropicJs0 = "anthropic JS 0";

    /// <summary>npm <c>@anthropic-ai/sdk</c> 1.11: Bearer.</summary>
    public const string AnthropicJs1 = "anthropic JS 1";
}
