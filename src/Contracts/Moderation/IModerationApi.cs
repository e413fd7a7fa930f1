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

/// <summary>The slower question to Moderation. Up to 700 ms, no batches: what a provider takes its time for holds up nobody else.</summary>
public interface IProviderScreeningApi
{
    /// <summary>Screens a prompt with a provider's moderation beside our own engine, for verdicts that ask for it. 503 when there must be a provider's word and there is none.</summary>
    /// <param name="body">The screening.</param>
    /// <param name="ct">Cancels the call.</param>
    [Post("/internal/screenings/provider")]
    Task<Verdict> ScreenAsync([Body] Screening body, CancellationToken ct = default);
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

    /// <summary>How many images there are beside the texts, ≥ 0. No engine of ours reads them.</summary>
    public int Images { get; init; }

    /// <summary>Whether the texts are to become embeddings, which a policy decides about. Nobody answers them.</summary>
    public bool ForEmbeddings { get; init; }

    /// <summary>How strict the account's plan is.</summary>
    public Strictness Strictness { get; init; }

    /// <summary>The customer's own id of the end user who asks, as the customer sent it; null when it sent none. Only a keyed hash of it is kept.</summary>
    public string? EndUser { get; init; }
}

/// <summary>How strict a plan is within the bounds that the deployment sets: it moves the thresholds of the classifier, never the rules.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Strictness>))]
public enum Strictness
{
    /// <summary>The thresholds as they are.</summary>
    Standard,

    /// <summary>Lower thresholds: more is blocked.</summary>
    Strict,

    /// <summary>Higher thresholds, within a bound and never for what is gravest.</summary>
    Relaxed,
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

    /// <summary>Whether this prompt is to be shown to a provider's moderation too, by <see cref="IProviderScreeningApi"/>, before it is admitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AskProvider { get; init; }

    /// <summary>Whether each image of this prompt is to be shown to a provider's moderation, by <c>POST /internal/screenings/image</c>, before it is admitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImageCheck Images { get; init; }

    /// <summary>Whether this rests on what a provider has said about the same image some minutes ago. False for everything but an image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Remembered { get; init; }
}

/// <summary>
/// Whether images are to be looked at by a provider's moderation. <c>POST /internal/screenings/image</c> takes the address of one image as a JSON string, up to
/// 28 MB with <c>data:</c>, beside the headers of <see cref="CallHeaders"/> for request, account, strictness and end user. It answers a <see cref="Verdict"/>,
/// 422 when the image can be looked at by nobody (its address may not be given away, or is none; the provider finds fault with it), 503 when nobody
/// has answered in time.
/// </summary>
[JsonConverter(typeof(SnakeCaseConverter<ImageCheck>))]
public enum ImageCheck
{
    /// <summary>No.</summary>
    None,

    /// <summary>Yes; those that nobody has looked at in time are admitted.</summary>
    Wanted,

    /// <summary>Yes; without a word on each of them the prompt is not admitted.</summary>
    Required,
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
