using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Admission;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The errors of OpenAI routes that do not depend on a provider: access, bodies, routes, limits.</summary>
internal static class ApiErrors
{
    public const string InvalidRequest = "invalid_request_error";
    public const string ServerError = "server_error";
    private static readonly TimeSpan OutageWait = TimeSpan.FromSeconds(1);

    public static ApiError MissingKey() => new(401, InvalidRequest, null, "You did not provide an API key. Send it in the header 'Authorization: Bearer AIGC2D-…'.");

    public static ApiError InvalidKey() => new(401, InvalidRequest, "invalid_api_key", "Incorrect API key provided: AIGC2D-****. Check that the key is complete, not revoked and not expired.");

    public static ApiError ConflictingKeys() => new(401, InvalidRequest, "invalid_api_key", "Two different API keys were sent in one request. Send one.");

    public static ApiError AddressNotAllowed() => new(401, InvalidRequest, "ip_not_authorized", "This API key may not be used from your network address.");

    public static ApiError ScopeMissing(string scope) => new(403, InvalidRequest, "insufficient_permissions", $"This API key lacks the scope '{scope}'.");

    public static ApiError AccountSuspended(Standing standing) => new(403, InvalidRequest, "account_suspended", SuspensionText(standing));

    public static ApiError ModelNotAllowed(string model) => new(403, InvalidRequest, "model_not_allowed", $"This API key may not call the model '{model}'.", "model");

    public static ApiError ModelNotFound(string model) => new(404, InvalidRequest, "model_not_found", $"The model '{model}' does not exist or is not offered. GET /v1/models lists what your key may call.", "model");

    public static ApiError Invalid(BodyRefusal refusal) => new(400, InvalidRequest, refusal.Code, refusal.Message, refusal.Param);

    public static ApiError InvalidIdempotencyKey() =>
        new(400, InvalidRequest, BodyRefusal.InvalidValue, $"Invalid 'Idempotency-Key': send one, of 1 to {IdempotencyMarks.LongestKey} printable ASCII characters.", IdempotencyMarks.Header);

    public static ApiError InvalidRegion() =>
        new(400, InvalidRequest, BodyRefusal.InvalidValue, $"Invalid '{CallHeaders.Region}': send one region of lower-case letters, digits and hyphens, or leave the header out.", CallHeaders.Region);

    public static ApiError BodyTooLarge(int mostBytes) => new(413, InvalidRequest, null, $"The request body is larger than {mostBytes / (1024 * 1024)} MB.");

    public static ApiError BodyNotReceived(int status) => new(status, InvalidRequest, null, "The request body did not arrive completely or in time.");

    public static ApiError UnsupportedContentType() => new(415, InvalidRequest, "unsupported_content_type", "Send the body as 'Content-Type: application/json' in UTF-8.");

    public static ApiError UnsupportedEncoding() => new(415, InvalidRequest, "unsupported_content_type", "Compressed request bodies are not accepted; send the JSON without Content-Encoding.");

    public static ApiError UnknownUrl(string method) => new(404, InvalidRequest, "unknown_url", $"There is no such route for {method}.");

    public static ApiError MethodNotSupported(string method) => new(405, InvalidRequest, "method_not_supported", $"This route does not accept {method}.");

    public static ApiError Unavailable() =>
        new(503, ServerError, "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.") { RetryAfter = OutageWait };

    public static ApiError Internal() => new(500, ServerError, null, "Something went wrong on our side; nothing was charged.");

    private static string SuspensionText(Standing standing)
    {
        var until = standing.Until is { } end ? $" until {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "";
        var reason = standing.Reason is null ? "" : $" Reason: {standing.Reason}";
        return $"Your account is {standing.State}{until}.{reason}";
    }
}
