using System.Text.Json;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>OpenAI's clients: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal sealed class OpenAiDialect : IClientDialect
{
    public ReadOnlyMemory<byte> BrokenOffFrame { get; } =
        "data: {\"error\":{\"message\":\"The answer broke off; send the request again.\",\"type\":\"server_error\",\"param\":null,\"code\":\"service_unavailable\"}}\n\n"u8.ToArray();

    public ReadOnlySpan<byte> ErrorFrameStart => "data: {\"error\""u8;

    public byte[] ErrorBody(ApiError error, string requestId)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["message"] = error.Message, ["type"] = error.Type, ["param"] = error.Param, ["code"] = error.Code };
        foreach (var (name, value) in error.DetailsOrNone) members[name] = value;
        return JsonSerializer.SerializeToUtf8Bytes(new { error = members }, ApiError.Readable);
    }

    public void WriteLimits(IHeaderDictionary headers, LimitVerdict verdict, DateTimeOffset now) => RateHeaders.Write(headers, verdict);

    public void WriteTrail(IHeaderDictionary headers, Guid requestId)
    {
        // x-request-id is on every answer anyway.
    }
}
