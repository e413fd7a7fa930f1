using System.Text.Json.Serialization;
using Refit;

namespace Aigc2d.Contracts.Moderation;

/// <summary>What other services ask of Moderation. A batch answers item by item, in the order asked.</summary>
public interface IModerationApi
{
    /// <summary>Screens texts before a provider sees them, or before a customer does.</summary>
    /// <param name="body">1 to 256 screenings.</param>
    /// <param name="ct">Cancels the call.</param>
    [Post("/internal/screenings")]
    Task<ScreenResponse> ScreenAsync([Body] ScreenRequest body, CancellationToken ct = default);

    /// <summary>Says what is in texts, for a customer who asks just that. Nothing is recorded and nobody is blamed.</summary>
    /// <param name="body">1 to 2,048 inputs.</param>
    /// <param name="ct">Cancels the call.</param>
    [Post("/internal/classifications")]
    Task<ClassifyResponse> ClassifyAsync([Body] ClassifyRequest body, CancellationToken ct = default);
}

/// <summary>Inputs to classify.</summary>
public sealed record ClassifyRequest
{
    /// <summary>The inputs, 1 to 2,048; the texts of one are judged one by one and as one conversation. Never stored or logged.</summary>
    public required string[][] Inputs { get; init; }
}

/// <summary>One classification per input, in the same order.</summary>
public sealed record ClassifyResponse
{
    /// <summary>The classifications.</summary>
    public required Classification[] Results { get; init; }
}

/// <summary>What is in an input.</summary>
public sealed record Classification
{
    /// <summary>For every category of product.md §4 how sure the engine is that the input falls under it, 0 to 1.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The ids of the rules that hit, most severe first.</summary>
    public string[] Rules { get; init; } = [];
}

/// <summary>A batch of screenings.</summary>
public sealed record ScreenRequest
{
    /// <summary>The screenings, 1 to 256.</summary>
    public required Screening[] Screenings { get; init; }
}

/// <summary>Texts of one request that are judged together.</summary>
public sealed record Screening
{
    /// <summary>The id of the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The account that asks.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Prompt or output; outputs may have a stricter threshold.</summary>
    public required ScreeningStage Stage { get; init; }

    /// <summary>The texts, in order; judged one by one and as one conversation. Never stored or logged.</summary>
    public required string[] Texts { get; init; }
}

/// <summary>Where a text was met.</summary>
[JsonConverter(typeof(SnakeCaseConverter<ScreeningStage>))]
public enum ScreeningStage
{
    /// <summary>The customer's own text, before the provider is asked.</summary>
    Prompt,

    /// <summary>A provider's text, before the customer sees it.</summary>
    Output,
}

/// <summary>One verdict per screening, in the same order.</summary>
public sealed record ScreenResponse
{
    /// <summary>The verdicts.</summary>
    public required Verdict[] Verdicts { get; init; }
}

/// <summary>What was decided about a text.</summary>
public sealed record Verdict
{
    /// <summary>What to do.</summary>
    public required VerdictAction Action { get; init; }

    /// <summary>The category of product.md §4 that decided (<c>malware</c>, <c>self_harm</c> …); null when allowed.</summary>
    public string? Category { get; init; }

    /// <summary>The ids of the rules that hit, most severe first.</summary>
    public string[] Rules { get; init; } = [];
}

/// <summary>What a verdict asks for.</summary>
[JsonConverter(typeof(SnakeCaseConverter<VerdictAction>))]
public enum VerdictAction
{
    /// <summary>Goes on.</summary>
    Allow,

    /// <summary>Is refused.</summary>
    Block,

    /// <summary>Goes on and is looked at by a person later.</summary>
    Review,

    /// <summary>A user in distress: the answer is help text, never a strike.</summary>
    Support,
}
