using System.Text.Json;
using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Answers somebody in distress with words that help, in the shape of an old completion. Nothing is charged.</summary>
internal sealed class CompletionSupportAnswer(CallRequest call, Guid requestId, DateTimeOffset now) : IResult
{
    private static readonly object NoUsage = new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };

    private readonly string _id = $"cmpl-{requestId:N}";
    private readonly long _created = now.ToUnixTimeSeconds();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = call.Stream ? "text/event-stream" : "application/json";
        response.Headers.CacheControl = "no-cache";
        var body = call.Stream ? string.Concat(Frames().Select(frame => $"data: {frame}\n\n")) : Object([Choice(SupportText.Text, "stop")], NoUsage);
        await response.WriteAsync(body, httpContext.RequestAborted);
    }

    private IEnumerable<string> Frames()
    {
        yield return Piece(SupportText.Text, null);
        yield return Piece("", "stop");
        if (call.IncludeUsage) yield return Object([], NoUsage);
        yield return "[DONE]";
    }

    private string Piece(string text, string? finish) => call.IncludeUsage
        ? Object([Choice(text, finish)], null)
        : Json(new { id = _id, @object = "text_completion", created = _created, model = call.Model, choices = new[] { Choice(text, finish) } });

    private string Object(object[] choices, object? usage) => Json(new { id = _id, @object = "text_completion", created = _created, model = call.Model, choices, usage });

    private static object Choice(string text, string? finish) => new { text, index = 0, logprobs = (object?)null, finish_reason = finish };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiError.Readable);
}
