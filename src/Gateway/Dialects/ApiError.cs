using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aigc2d.Gateway.Dialects;

/// <summary>An error on a route that providers' clients call, in OpenAI's terms; the dialect of the route spells it.</summary>
internal sealed record ApiError(int Status, string Type, string? Code, string Message, string? Param = null) : IResult
{
    // Bodies are application/json, never markup: apostrophes and other scripts stay readable.
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, object?> None = [];

    /// <summary>When the same request may be sent again; becomes <c>retry-after</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether clients that obey <c>x-should-retry</c> should send the request again; null leaves it to them.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>More members of the error object that help to act on it.</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }

    public IReadOnlyDictionary<string, object?> DetailsOrNone => Details ?? None;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait) RetryHeaders.Write(response.Headers, wait);
        if (ShouldRetry is { } retry) response.Headers["x-should-retry"] = retry ? "true" : "false";

        var dialect = ClientDialects.Of(httpContext.Request) ?? ClientDialects.OpenAi;
        var body = dialect.ErrorBody(this, httpContext.TraceIdentifier);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
