using System.Text.Json;
using Aigc2d.Gateway.Limits;
using Aigc2d.ServiceDefaults.Http;

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
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["type"] = AnthropicErrorTypes.Of(error.Status), ["message"] = error.Message };
        if (details.Count > 0) members["details"] = details;
        return JsonSerializer.SerializeToUtf8Bytes(new { type = "error", error = members, request_id = requestId }, ApiError.Readable);
    }

    public void WriteLimits(IHeaderDictionary headers, LimitVerdict verdict, DateTimeOffset now)
    {
        RateHeaders.Write(headers, verdict);
        AnthropicRateHeaders.Write(headers, verdict, now);
    }

    public void WriteTrail(IHeaderDictionary headers, Guid requestId) => headers["request-id"] = requestId.ToString();
}
