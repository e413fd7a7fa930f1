namespace Aigc2d.Contracts;

/// <summary>Headers that carry a call's identity between services. The body of a provider call stays the client's own bytes.</summary>
public static class CallHeaders
{
    /// <summary>The request id (UUIDv7, "D" format) that names screening, hold, call, usage and charge.</summary>
    public const string RequestId = "x-aigc2d-request-id";

    /// <summary>The paying account (UUID, "D" format).</summary>
    public const string AccountId = "x-aigc2d-account-id";

    /// <summary>The key that was used (UUID, "D" format), never the key itself.</summary>
    public const string KeyId = "x-aigc2d-key-id";

    /// <summary>The model name the client asked for, percent-encoded.</summary>
    public const string Model = "x-aigc2d-model";

    /// <summary>The estimated prompt size in tokens, used when a provider does not report its own count.</summary>
    public const string InputTokens = "x-aigc2d-input-tokens";

    /// <summary>The region that the call must be served in, as the client asked for it in a header of the same name; absent when it does not care.</summary>
    public const string Region = "x-aigc2d-region";

    /// <summary>How long the client still waits for its answer to begin, milliseconds, ≥ 1; absent when it did not say. What is not answered by then is a provider's time-out and free.</summary>
    public const string PatienceMs = "x-aigc2d-patience-ms";

    /// <summary>How strictly the answer is screened: a value of <see cref="Moderation.Strictness"/> in snake_case; absent for <c>standard</c>.</summary>
    public const string Strictness = "x-aigc2d-strictness";

    /// <summary>The customer's own id of its end user, percent-encoded; absent when it sent none. Only a keyed hash of it is kept.</summary>
    public const string EndUser = "x-aigc2d-end-user";

    /// <summary>The version of Anthropic's API that a client of Anthropic speaks, as it sent it.</summary>
    public const string AnthropicVersion = "anthropic-version";

    /// <summary>The beta features that a client of Anthropic asks for, as it sent them.</summary>
    public const string AnthropicBeta = "anthropic-beta";

    /// <summary>The named person behind an admin request: the name of an admin key, never the key.</summary>
    public const string Actor = "x-aigc2d-actor";

    /// <summary>Proof that a sibling service is calling: <c>name.hex(HMAC-SHA256(secret, name))</c>.</summary>
    public const string Internal = "x-aigc2d-internal";

    /// <summary>Why ProviderAdapters refused or failed a call before its first byte: a value of <see cref="Providers.CallFailure"/> in snake_case.</summary>
    public const string Failure = "x-aigc2d-failure";
}
