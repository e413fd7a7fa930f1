using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>A family of providers as the conformance suites meet it: how a channel to it is opened at the Sandbox, and what it can and cannot do.</summary>
public sealed partial record Family(string Provider)
{
    public static readonly Family OpenAi = new("openai")
    {
        UpstreamPrefix = "gpt-4o",
        ReportsCacheWrite = true,
        TakesSeveralChoices = true,
        PassesArguments = true,
        ShowsReasoning = false,
        Errors =
        [
            new("status=500", 502, "provider_error", "provider_error"),
            new("status=401", 502, "provider_error", "provider_error"),
            new("status=403", 502, "provider_error", "provider_error"),
            new("status=404", 502, "provider_error", "provider_error"),
            new("status=302", 502, "provider_error", "provider_error"),
            new("status=429,code=insufficient_quota", 502, "provider_error", "provider_error"),
            new("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded"),
            new("status=400", 400, "invalid_request", "invalid_value"),
            new("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded"),
            new("status=400,code=content_policy_violation", 400, "invalid_request", "content_policy_violation"),
        ],
    };

    public static readonly Family Anthropic = new("anthropic")
    {
        UpstreamPrefix = "claude-sonnet-4-5",
        TellsInputFirst = true,
        RefusedFor = "general_harms",
        ReportsCacheWrite = true,
        Errors =
        [
            new("status=500", 502, "provider_error", "provider_error"),
            new("status=529", 502, "provider_error", "provider_error"),
            new("status=401", 502, "provider_error", "provider_error"),
            new("status=402", 502, "provider_error", "provider_error"),
            new("status=403", 502, "provider_error", "provider_error"),
            new("status=404", 502, "provider_error", "provider_error"),
            new("status=302", 502, "provider_error", "provider_error"),
            new("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded"),
            new("status=400", 400, "invalid_request", "invalid_value"),
            new("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded"),
            new("status=413", 413, "invalid_request", "invalid_value"),
        ],
    };

    /// <summary>What the family is called where its provider's name says too little.</summary>
    public string Name { get; init; } = Provider;

    /// <summary>The channel's credential; no part of it may ever be shown to a client.</summary>
    public string Credential { get; init; } = "sk-upstream-secret-1234";

    /// <summary>What the upstream's names of models begin with.</summary>
    public string UpstreamPrefix { get; init; } = "up";

    /// <summary>Whether a stream tells the tokens of its prompt from the beginning, so that they stand however it ends.</summary>
    public bool TellsInputFirst { get; init; }

    /// <summary>Whether one call can ask for several answers.</summary>
    public bool TakesSeveralChoices { get; init; }

    /// <summary>Whether the usage says what was read from a cache.</summary>
    public bool ReportsCached { get; init; } = true;

    /// <summary>Whether the usage says what was written to a cache.</summary>
    public bool ReportsCacheWrite { get; init; }

    /// <summary>Whether the usage says how much of the output was reasoning.</summary>
    public bool ReportsReasoning { get; init; } = true;

    /// <summary>Whether reasoning is shown.</summary>
    public bool ShowsReasoning { get; init; } = true;

    /// <summary>Whether the provider speaks the client's dialect, so that its arguments of tools pass as they are, even none at all.</summary>
    public bool PassesArguments { get; init; }

    /// <summary>Whether several tools may be called in one answer.</summary>
    public bool CallsSeveralTools { get; init; } = true;

    /// <summary>The errors that the Sandbox can be told to answer with, and what becomes of each.</summary>
    public required IReadOnlyList<ProviderError> Errors { get; init; }

    /// <summary>The channel's base address, given the Sandbox's own.</summary>
    public Func<Uri, Uri> AddressAt { get; init; } = static sandbox => sandbox;

    /// <summary>Whether a stream begins with a piece that has no text yet, so that the client hears of it before anything was screened.</summary>
    public bool OpensWithRole { get; init; } = true;

    /// <summary>Whether a stream with a finish reason is over, though its last mark is missing.</summary>
    public bool EndsByReason { get; init; } = true;

    /// <summary>Whether every chunk says that its usage is yet to come.</summary>
    public bool MarksUsage { get; init; } = true;

    /// <summary>What the names of answers begin with.</summary>
    public string AnswerIdPrefix { get; init; } = "chatcmpl-";

    /// <summary>What becomes of the error that the Sandbox gives in place of a plain answer, with status 200: status, failure.</summary>
    public (int Status, string Failure) PlainError { get; init; } = (502, "provider_error");

    /// <summary>What the Sandbox says it has found when it filters an answer.</summary>
    public string RefusedFor { get; init; } = CallRefused.Unspecified;

    /// <summary>What is announced of an error where it is about content; of these providers only Azure says what it has found in a prompt.</summary>
    public string? RefusedForOf(ProviderError error)
    {
        if (error.Code != "content_policy_violation") return null;
        return Name == "azure" && error.Script.EndsWith("content_filter", StringComparison.Ordinal) ? "violence" : CallRefused.Unspecified;
    }

    /// <summary>Our own count of a text.</summary>
    public int Count(string text) => TokenCounter.For(Provider, UpstreamPrefix).Count(text);

    /// <summary>Our own count of a call's prompt.</summary>
    public int CountPrompt(TestCall call) => ChatPromptTokens.Count(Encoding.UTF8.GetBytes(call.Body), Provider, UpstreamPrefix)!.Value;

    /// <summary>What is recorded of a prompt once the answer has begun: the Sandbox tells 11 to whom it tells anything.</summary>
    public int PromptOnceBegun(TestCall call) => TellsInputFirst ? 11 : CountPrompt(call);

    public override string ToString() => Name;
}

/// <summary>A script that makes the Sandbox refuse, and what the client is told: status, failure, code.</summary>
public sealed record ProviderError(string Script, int Status, string Failure, string Code);
