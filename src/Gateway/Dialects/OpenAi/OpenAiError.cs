using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>An error as OpenAI's clients expect it: <c>{"error":{"message","type","param","code"}}</c> with a status and a few headers.</summary>
internal sealed record OpenAiError(int Status, string Type, string? Code, string Message, string? Param = null) : IResult
{
    // Bodies are application/json, never markup: apostrophes and other scripts stay readable.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>When the same request may be sent again; becomes <c>retry-after</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether clients that obey <c>x-should-retry</c> should send the request again; null leaves it to them.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>More members of the error object that help to act on it.</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait) RetryHeaders.Write(response.Headers, wait);
        if (ShouldRetry is { } retry) response.Headers["x-should-retry"] = retry ? "true" : "false";

        var body = ToJson();
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private byte[] ToJson()
    {
        var error = new Dictionary<string, object?>(StringComparer.Ordinal) { ["message"] = Message, ["type"] = Type, ["param"] = Param, ["code"] = Code };
        foreach (var (name, value) in Details ?? new Dictionary<string, object?>()) error[name] = value;
        return JsonSerializer.SerializeToUtf8Bytes(new { error }, Readable);
    }
}
