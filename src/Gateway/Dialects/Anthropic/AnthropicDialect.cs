using System.Text.Json;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Anthropic's clients: <c>{"type":"error","error":{"type","message"},"request_id"}</c>, with OpenAI's code as <c>error.details.error_code</c>.</summary>
internal sealed class AnthropicDialect : IClientDialect
{
    public ReadOnlyMemory<byte> BrokenOffFrame { get; } =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The answer broke off; send the request again.\"}}\n\n"u8.ToArray();

    public ReadOnlySpan<byte> ErrorFrameStart => "event: error"u8;

    public byte[] ErrorBody(ApiError error, string requestId)
    {
        var details = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (error.Code is { } code) details["error_code"] = code;
        if (error.Param is { } param) details["param"] = param;
        foreach (var (name, value) in error.DetailsOrNone) details[name] = value;
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["type"] = TypeOf(error.Status), ["message"] = error.Message };
        if (details.Count > 0) members["details"] = details;
        return JsonSerializer.SerializeToUtf8Bytes(new { type = "error", error = members, request_id = requestId }, ApiError.Readable);
    }

    public void WriteLimits(IHeaderDictionary headers, LimitVerdict verdict, DateTimeOffset now)
    {
        RateHeaders.Write(headers, verdict);
        AnthropicRateHeaders.Write(headers, verdict, now);
    }

    public void WriteTrail(IHeaderDictionary headers, Guid requestId) => headers["request-id"] = requestId.ToString();

    /// <summary>Anthropic's type of an error by its status (https://docs.anthropic.com/en/api/errors).</summary>
    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
