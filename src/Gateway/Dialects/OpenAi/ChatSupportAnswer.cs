using System.Text.Json;
using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Answers somebody in distress with words that help, in the shape of a completion, so that every client shows them. Nothing is charged.</summary>
internal sealed class ChatSupportAnswer(CallRequest chat, Guid requestId, DateTimeOffset now) : IResult
{
    private static readonly object NoUsage = new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };

    private readonly string _id = $"chatcmpl-{requestId:N}";
    private readonly long _created = now.ToUnixTimeSeconds();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = chat.Stream ? "text/event-stream" : "application/json";
        response.Headers.CacheControl = "no-cache";
        var body = chat.Stream ? string.Concat(Frames().Select(frame => $"data: {frame}\n\n")) : Completion();
        await response.WriteAsync(body, httpContext.RequestAborted);
    }

    private string Completion() => Json(new
    {
        id = _id,
        @object = "chat.completion",
        created = _created,
        model = chat.Model,
        choices = new[] { new { index = 0, message = new { role = "assistant", content = SupportText.Text, refusal = (string?)null }, logprobs = (object?)null, finish_reason = "stop" } },
        usage = NoUsage,
    });

    private IEnumerable<string> Frames()
    {
        yield return Chunk(new { role = "assistant", content = "", refusal = (string?)null }, null);
        yield return Chunk(new { content = SupportText.Text }, null);
        yield return Chunk(new { }, "stop");
        if (chat.IncludeUsage) yield return Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices = Array.Empty<object>(), usage = NoUsage });
        yield return "[DONE]";
    }

    private string Chunk(object delta, string? finish)
    {
        var choices = new[] { new { index = 0, delta, logprobs = (object?)null, finish_reason = finish } };
        return chat.IncludeUsage
            ? Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices, usage = (object?)null })
            : Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices });
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiError.Readable);
}
